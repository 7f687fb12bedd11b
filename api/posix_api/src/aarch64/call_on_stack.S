/* SPDX-License-Identifier: Apache-2.0 */
/* posix_call_on_stack(top, function, argument): function(argument) with the stack below top, 16-byte aligned. */
	.text
	.globl posix_call_on_stack
	.hidden posix_call_on_stack
	.type posix_call_on_stack, @function
posix_call_on_stack:
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	mov sp, x0
	mov x0, x2
	blr x1
	mov sp, x29
	ldp x29, x30, [sp], #16
	ret
	.size posix_call_on_stack, . - posix_call_on_stack
	.section .note.GNU-stack, "", @progbits
