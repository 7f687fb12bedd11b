/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handler of the signal that is the interrupt, and the way out of its frame.
 *
 * The handling ends with interrupts masked. To unmask them there, and return as any signal handler does, would let the
 * next signal lay its frame upon this one, and one upon that: a storm fills the stack. So unmasking, the look at what has
 * become pending before, and rt_sigreturn (15) are one sequence. A signal that comes within it is only noted: its handler
 * masks interrupts and has the sequence begin again (axhal_linux_restart_leave()), which finds it pending.
 *
 * On several CPUs the flags are this CPU's, and the thread may have come from another one: the frame, a struct ucontext
 * at the stack pointer, gets this CPU's signal stack, as in axhal_linux_sigreturn_here().
 */
#include <axhal/features.h>

#if AXHAL_FEATURE_SMP
#define THIS_CPU(name) %gs:name(%rip)
#define PLAIN_RETURN axhal_linux_sigreturn_here
#define TAKE_SIGNAL_STACK movq THIS_CPU(axhal_linux_signal_stack), %rax; movq %rax, 16(%rsp)
#else
#define THIS_CPU(name) name(%rip)
#define PLAIN_RETURN axhal_linux_sigreturn
#define TAKE_SIGNAL_STACK
#endif

	.section .text.axhal_linux_interrupt_entry, "ax", @progbits
	.globl axhal_linux_interrupt_entry, axhal_linux_leave_begin, axhal_linux_leave_end
	.hidden axhal_linux_interrupt_entry, axhal_linux_leave_begin, axhal_linux_leave_end
	.type axhal_linux_interrupt_entry, @function
	.balign 16
axhal_linux_interrupt_entry:
	subq $8, %rsp
	call axhal_linux_interrupt
	addq $16, %rsp /* and past the return address: as a return leaves it */
	testb %al, %al
	jz PLAIN_RETURN
axhal_linux_leave_begin:
	movb $0, THIS_CPU(kernel_guard_irq_masked)
	cmpb $0, THIS_CPU(kernel_guard_irq_pending)
	jne 1f
	TAKE_SIGNAL_STACK
	movl $15, %eax
	syscall
1:	movb $1, THIS_CPU(kernel_guard_irq_masked)
axhal_linux_leave_end:
	call axhal_linux_interrupt_again
	jmp axhal_linux_leave_begin
	.size axhal_linux_interrupt_entry, . - axhal_linux_interrupt_entry

/*
 * Entered with a signal's frame at the stack pointer, a function and its argument in rsi and rdi: calls it, and leaves by the
 * frame (axhal_trap_call()).
 */
	.section .text.axhal_linux_call_and_leave, "ax", @progbits
	.globl axhal_linux_call_and_leave
	.hidden axhal_linux_call_and_leave
	.type axhal_linux_call_and_leave, @function
	.balign 16
axhal_linux_call_and_leave:
	call *%rsi
	movb $1, THIS_CPU(kernel_guard_irq_masked)
	jmp axhal_linux_leave_begin
	.size axhal_linux_call_and_leave, . - axhal_linux_call_and_leave

	.section .note.GNU-stack, "", @progbits
