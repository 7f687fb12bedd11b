/* SPDX-License-Identifier: Apache-2.0 */
/* void held_registers_hold(loaded, rounds, stored): see held_registers.h. */
#define VECTOR	    104
#define X87	    360
#define MXCSR	    392
#define X87_CONTROL 396

	.text
	.globl held_registers_hold
	.type held_registers_hold, @function
	.balign 16
held_registers_hold:
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	subq $16, %rsp
	movq %rdx, (%rsp)
	stmxcsr 8(%rsp)
	fnstcw 12(%rsp)
	movq %rsi, %rcx
	ldmxcsr MXCSR(%rdi)
	fldcw X87_CONTROL(%rdi)
	.irp i, 0, 1, 2, 3
	fldl X87+8*\i(%rdi)
	.endr
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movups VECTOR+16*\i(%rdi), %xmm\i
	.endr
	movq 0(%rdi), %rax
	movq 8(%rdi), %rbx
	movq 16(%rdi), %rdx
	movq 24(%rdi), %rsi
	.irp i, 8, 9, 10, 11, 12, 13, 14, 15
	movq 32+8*(\i-8)(%rdi), %r\i
	.endr
	movq 96(%rdi), %rdi
1:	subq $1, %rcx
	jnz 1b
	movq (%rsp), %rcx
	movq %rax, 0(%rcx)
	movq %rbx, 8(%rcx)
	movq %rdx, 16(%rcx)
	movq %rsi, 24(%rcx)
	.irp i, 8, 9, 10, 11, 12, 13, 14, 15
	movq %r\i, 32+8*(\i-8)(%rcx)
	.endr
	movq %rdi, 96(%rcx)
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movups %xmm\i, VECTOR+16*\i(%rcx)
	.endr
	.irp i, 3, 2, 1, 0
	fstpl X87+8*\i(%rcx)
	.endr
	stmxcsr MXCSR(%rcx)
	fnstcw X87_CONTROL(%rcx)
	ldmxcsr 8(%rsp)
	fldcw 12(%rsp)
	addq $16, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	ret
	.size held_registers_hold, . - held_registers_hold

	.section .note.GNU-stack, "", @progbits
