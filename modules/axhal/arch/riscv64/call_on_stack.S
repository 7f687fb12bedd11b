/* SPDX-License-Identifier: Apache-2.0 */
/* axhal_call_on_stack(top, function, argument): see axhal/context.h. */
	.section .text.axhal_call_on_stack, "ax"
	.globl axhal_call_on_stack
	.type axhal_call_on_stack, @function
axhal_call_on_stack:
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
	.size axhal_call_on_stack, . - axhal_call_on_stack
	.section .note.GNU-stack, "", @progbits
