/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every `syscall` instruction of the image (System V ABI for AMD64, appendix A.2.1: number in rax, arguments in
 * rdi, rsi, rdx, r10, r8, r9; rcx and r11 are lost; a result from -4095 to -1 is -errno).
 */

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

/* long axhal_linux_syscall(long number, long a, long b, long c, long d, long e, long f) */
FUNCTION axhal_linux_syscall
	movq %rdi, %rax
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	movq %r9, %r8
	movq 8(%rsp), %r9
	syscall
	ret
END axhal_linux_syscall

/*
 * long axhal_linux_syscall_unless(const bool *flag, long number, long a, long b, long c, long d, long e)
 *
 * Makes the call unless *flag is set, with no gap between the test and the call: a signal handler that sets the flag
 * and finds the interrupted pc between the test and the end of the syscall instruction moves it to _skip (see
 * axhal_linux_skip_syscall()). Once the kernel has the call, the signal itself ends it with -EINTR.
 */
FUNCTION axhal_linux_syscall_unless
	movq %rdi, %r11
	movq %rsi, %rax
	movq %rdx, %rdi
	movq %rcx, %rsi
	movq %r8, %rdx
	movq %r9, %r10
	movq 8(%rsp), %r8
	.globl axhal_linux_syscall_unless_begin
	.hidden axhal_linux_syscall_unless_begin
axhal_linux_syscall_unless_begin:
	cmpb $0, (%r11)
	jne axhal_linux_syscall_unless_skip
	syscall
	.globl axhal_linux_syscall_unless_end
	.hidden axhal_linux_syscall_unless_end
axhal_linux_syscall_unless_end:
	ret
	.globl axhal_linux_syscall_unless_skip
	.hidden axhal_linux_syscall_unless_skip
axhal_linux_syscall_unless_skip:
	movq $-4, %rax /* -EINTR */
	ret
END axhal_linux_syscall_unless

/* Where the kernel returns from a signal handler to (rt_sigreturn, 15): the frame lies at the stack pointer. */
FUNCTION axhal_linux_sigreturn
	movl $15, %eax
	syscall
	ud2
END axhal_linux_sigreturn

	.section .note.GNU-stack, "", @progbits
