/* SPDX-License-Identifier: Apache-2.0 */
/* axhal_call_on_stack(top, function, argument): see axhal/context.h. */
	.section .text.axhal_call_on_stack, "ax"
	.globl axhal_call_on_stack
	.type axhal_call_on_stack, @function
axhal_call_on_stack:
	pushq %rbp
	movq %rsp, %rbp
	movq %rdi, %rsp
	movq %rdx, %rdi
	call *%rsi
	movq %rbp, %rsp
	popq %rbp
	ret
	.size axhal_call_on_stack, . - axhal_call_on_stack
	.section .note.GNU-stack, "", @progbits
