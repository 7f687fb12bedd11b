/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process's first instruction, and calls on other stacks.
 * At entry (System V ABI for AMD64, section 3.4.1) the stack pointer shows argc, argv, 0, envp, 0, auxv.
 */

.macro FUNCTION name, visibility=hidden
	.section .text.\name, "ax", @progbits
	.globl \name
	.\visibility \name
	.type \name, @function
	.balign 16
\name:
.endm

.macro END name
	.size \name, . - \name
.endm

FUNCTION _start
	xorl %ebp, %ebp
	movq %rsp, %rdi
	andq $-16, %rsp
	call axhal_linux_boot
	ud2
END _start

/* _Noreturn void axhal_linux_call_on(void *stack_top, void (*function)(void)): a chain of frames starts there. */
FUNCTION axhal_linux_call_on
	movq %rdi, %rsp
	andq $-16, %rsp
	xorl %ebp, %ebp
	call *%rsi
	ud2
END axhal_linux_call_on

/*
 * _Noreturn void axhal_linux_call_in_frame(uintptr_t pc, uintptr_t frame_pointer, void (*function)(void *), void *argument)
 *
 * Calls function(argument) as if the code at pc, whose frame pointer that is, had called: a backtrace from the
 * function goes on there.
 */
FUNCTION axhal_linux_call_in_frame
	andq $-16, %rsp
	pushq %rdi
	pushq %rsi
	movq %rsp, %rbp
	movq %rcx, %rdi
	call *%rdx
	ud2
END axhal_linux_call_in_frame

	.section .note.GNU-stack, "", @progbits
