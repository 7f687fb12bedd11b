/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vector table (Arm ARM DDI 0487, D1.3.1.5): the kernel runs on SP_EL1 alone, so of the four groups one is used. Each entry
 * saves all, calls its handler with the frame, restores all, and goes back.
 *
 * With several CPUs x18 is the CPU's base of per-CPU variables, which TPIDR_EL1 holds too. The thread may go on on another CPU,
 * and so the frame has a mark in place of the base. But in some functions of the compiler's library x18 is as any other
 * register (percpu/arch/aarch64/library.S): what was interrupted there gets back what it had.
 *
 * A synchronous exception may come of a stack that has run into its guard page: before anything is pushed, the processor is
 * asked whether the frame can be written (AT S1E1W). If not, the frame goes to the CPU's stack for this purpose, which SP_EL0,
 * otherwise unused, points at. TPIDRRO_EL0 is otherwise unused too.
 */
#include "trap_frame.h"

/* x2 to x17, and x20 to x29: the others hold addresses meanwhile, or are looked at. */
.macro LOW op
	\op x2, x3, [sp, #16]
	\op x4, x5, [sp, #32]
	\op x6, x7, [sp, #48]
	\op x8, x9, [sp, #64]
	\op x10, x11, [sp, #80]
	\op x12, x13, [sp, #96]
	\op x14, x15, [sp, #112]
	\op x16, x17, [sp, #128]
.endm

.macro HIGH op
	\op x20, x21, [sp, #160]
	\op x22, x23, [sp, #176]
	\op x24, x25, [sp, #192]
	\op x26, x27, [sp, #208]
	\op x28, x29, [sp, #224]
.endm

.macro VECTORS op
	\op q0, q1, [sp, #0]
	\op q2, q3, [sp, #32]
	\op q4, q5, [sp, #64]
	\op q6, q7, [sp, #96]
	\op q8, q9, [sp, #128]
	\op q10, q11, [sp, #160]
	\op q12, q13, [sp, #192]
	\op q14, q15, [sp, #224]
	\op q16, q17, [sp, #256]
	\op q18, q19, [sp, #288]
	\op q20, q21, [sp, #320]
	\op q22, q23, [sp, #352]
	\op q24, q25, [sp, #384]
	\op q26, q27, [sp, #416]
	\op q28, q29, [sp, #448]
	\op q30, q31, [sp, #480]
.endm

.macro SAVE_ALL
	sub sp, sp, #TRAP_FRAME_BYTES
	stp x0, x1, [sp, #0]
	LOW stp
	stp x18, x19, [sp, #144]
	HIGH stp
	add x0, sp, #TRAP_FRAME_BYTES
	stp x30, x0, [sp, #240]
	mrs x0, elr_el1
	mrs x1, spsr_el1
	stp x0, x1, [sp, #TRAP_FRAME_PC]
	stp x29, x0, [sp, #TRAP_FRAME_RECORD]
	mrs x0, esr_el1
	mrs x1, far_el1
	stp x0, x1, [sp, #272]
#if AXHAL_FEATURE_SMP
	mrs x0, tpidr_el1
	adr x1, axhal_vectors
	cmp x18, x0
	csel x1, x1, x18, eq
	str x1, [sp, #TRAP_FRAME_X18]
	mov x18, x0
#endif
	add x29, sp, #TRAP_FRAME_RECORD
.endm

.macro CALL handler
	mov x0, sp
#if AXHAL_FEATURE_FP
	sub sp, sp, #TRAP_FP_BYTES
	VECTORS stp
	mrs x1, fpcr
	mrs x2, fpsr
	add x3, sp, #512
	stp x1, x2, [x3]
#endif
	bl \handler
#if AXHAL_FEATURE_FP
	add x3, sp, #512
	ldp x1, x2, [x3]
	msr fpcr, x1
	msr fpsr, x2
	VECTORS ldp
	add sp, sp, #TRAP_FP_BYTES
#endif
	b restore_all
.endm

	.section .text.axhal_vectors, "ax"
	.balign 2048
	.global axhal_vectors
	.hidden axhal_vectors
	.type axhal_vectors, @function
axhal_vectors:
	.rept 4                         /* with SP_EL0: never */
	.balign 128
	b unexpected
	.endr
	.balign 128
	b synchronous
	.balign 128
	b interrupt
	.balign 128
	b fast_interrupt
	.balign 128
	b unexpected                    /* SError */
	.rept 8                         /* from EL0: never */
	.balign 128
	b unexpected
	.endr
	.balign 128

synchronous:
	msr tpidrro_el0, x0
	sub x0, sp, #(TRAP_FRAME_BYTES + TRAP_FP_BYTES)
	at s1e1w, x0
	isb
	mrs x0, par_el1
	tbnz x0, #0, 1f                 /* F: the translation would fault */
	mrs x0, tpidrro_el0
	SAVE_ALL
	CALL axhal_trap
1:	mrs x0, sp_el0
	add sp, sp, x0                  /* they change places */
	sub x0, sp, x0
	sub sp, sp, x0
	str x0, [sp, #-16]!
	mrs x0, tpidrro_el0
	SAVE_ALL
	ldr x0, [sp, #TRAP_FRAME_BYTES]
	str x0, [sp, #TRAP_FRAME_SP]
	CALL axhal_trap

interrupt:
	SAVE_ALL
	CALL axhal_interrupt

fast_interrupt:
	SAVE_ALL
	CALL axhal_fast_interrupt

unexpected:
	SAVE_ALL
	CALL axhal_trap

restore_all:
	ldp x0, x1, [sp, #TRAP_FRAME_PC]
	msr elr_el1, x0
	msr spsr_el1, x1
	LOW ldp
	ldp x18, x19, [sp, #TRAP_FRAME_X18]
#if AXHAL_FEATURE_SMP
	adr x20, axhal_vectors
	cmp x18, x20
	b.ne 1f
	mrs x18, tpidr_el1
1:
#endif
	HIGH ldp
	ldp x30, x0, [sp, #240]
	/* Last: the frame is left, below which an interrupt's would be put; all are masked. */
	mov x1, sp
	mov sp, x0
	ldp x0, x1, [x1, #0]
	eret
	.size axhal_vectors, . - axhal_vectors

	.section .note.GNU-stack, "", @progbits
