/* SPDX-License-Identifier: Apache-2.0 */
/* What several CPUs need beside syscall.S: the birth of a host thread, and the return from a signal on any of them. */

.macro FUNCTION name
	.section .text.\name, "ax", @progbits
	.globl \name
	.hidden \name
	.type \name, @function
	.balign 16
\name:
.endm

.macro END name
	.size \name, . - \name
.endm

/*
 * long axhal_linux_clone(unsigned long flags, void *stack_top, void (*function)(void))
 *
 * The new thread calls the function on its stack, never to return; a chain of frames starts there. rdx, the third
 * argument, is where clone(2) would store its number, if asked to by a flag; it comes through the call unharmed.
 */
FUNCTION axhal_linux_clone
	movl $56, %eax
	syscall
	testq %rax, %rax
	jz 1f
	ret
1:	xorl %ebp, %ebp
	call *%rdx
	ud2
END axhal_linux_clone

/*
 * Where the kernel returns from a signal handler to (rt_sigreturn, 15). The frame, a struct ucontext at the stack
 * pointer, names the signal stack of the host thread that was interrupted, at offset 16, and the call makes it that
 * of the host thread that makes the call: so this CPU's is put there first. A signal that comes between, whose
 * handler may move the thread to another CPU, has all of it done again (axhal_linux_restart_return()).
 */
	.globl axhal_linux_return_begin
	.hidden axhal_linux_return_begin
	.globl axhal_linux_return_end
	.hidden axhal_linux_return_end
FUNCTION axhal_linux_sigreturn_here
axhal_linux_return_begin:
	movq %gs:axhal_linux_signal_stack(%rip), %rax
	movq %rax, 16(%rsp)
	movl $15, %eax
	syscall
axhal_linux_return_end:
	ud2
END axhal_linux_sigreturn_here

/* void axhal_linux_pend_timer(void): note in this CPU's word of pending interrupts, in one instruction, that its timer's
   signal has come. */
FUNCTION axhal_linux_pend_timer
	lock orl $1, %gs:axhal_linux_pending(%rip)
	ret
END axhal_linux_pend_timer

	.section .note.GNU-stack, "", @progbits
