/* SPDX-License-Identifier: Apache-2.0 */
/* posix_call_on_stack(top, function, argument): function(argument) with the stack below top, 16-byte aligned. */
	.text
	.globl posix_call_on_stack
	.hidden posix_call_on_stack
	.type posix_call_on_stack, @function
posix_call_on_stack:
	pushq %rbp
	movq %rsp, %rbp
	movq %rdi, %rsp
	movq %rdx, %rdi
	call *%rsi
	movq %rbp, %rsp
	popq %rbp
	ret
	.size posix_call_on_stack, . - posix_call_on_stack
	.section .note.GNU-stack, "", @progbits
