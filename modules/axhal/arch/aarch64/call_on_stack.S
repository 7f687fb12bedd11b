/* SPDX-License-Identifier: Apache-2.0 */
/* axhal_call_on_stack(top, function, argument): see axhal/context.h. */
	.section .text.axhal_call_on_stack, "ax"
	.globl axhal_call_on_stack
	.type axhal_call_on_stack, @function
axhal_call_on_stack:
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	mov sp, x0
	mov x0, x2
	blr x1
	mov sp, x29
	ldp x29, x30, [sp], #16
	ret
	.size axhal_call_on_stack, . - axhal_call_on_stack
	.section .note.GNU-stack, "", @progbits
