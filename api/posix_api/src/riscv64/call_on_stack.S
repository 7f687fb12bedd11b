/* SPDX-License-Identifier: Apache-2.0 */
/* posix_call_on_stack(top, function, argument): function(argument) with the stack below top, 16-byte aligned. */
	.text
	.globl posix_call_on_stack
	.hidden posix_call_on_stack
	.type posix_call_on_stack, @function
posix_call_on_stack:
	addi sp, sp, -16
	sd ra, 8(sp)
	sd s0, 0(sp)
	addi s0, sp, 16
	mv sp, a0
	mv a0, a2
	jalr a1
	addi sp, s0, -16
	ld ra, 8(sp)
	ld s0, 0(sp)
	addi sp, sp, 16
	ret
	.size posix_call_on_stack, . - posix_call_on_stack
	.section .note.GNU-stack, "", @progbits
