/* SPDX-License-Identifier: Apache-2.0 */
/* What a trap or interrupt leaves on the stack, lowest address first; and in assembly, how it gets there and back. */
#pragma once

#include <axhal/features.h>

#define TRAP_FRAME_RIP 136 /* for the assembly, checked in trap.c */

#ifndef __ASSEMBLER__

#include <stdint.h>
#include <axhal/trap.h>

struct axhal_trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t vector, error;
	/* Pushed by the processor: Intel SDM volume 3A, section 6.14.2. */
	uint64_t rip, cs, rflags, rsp, ss;
};

#else

/* The processor aligned the stack to 16 before its frame, so the frame ends aligned, as FXSAVE and calls want. */
#if AXHAL_FEATURE_FP
#define SAVE_FP    subq $512, %rsp; fxsave64 (%rsp)
#define RESTORE_FP fxrstor64 (%rsp); addq $512, %rsp
#else
#define SAVE_FP
#define RESTORE_FP
#endif

/*
 * Save all, call handler(frame), restore all, go back. Expects the vector and error code pushed. A frame-pointer
 * record with the interrupted pc lets backtraces run through.
 */
.macro TRAP_BODY handler
	cld
	pushq %rax
	pushq %rcx
	pushq %rdx
	pushq %rbx
	pushq %rbp
	pushq %rsi
	pushq %rdi
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, %rdi
	pushq TRAP_FRAME_RIP(%rdi)
	pushq %rbp
	movq %rsp, %rbp
	SAVE_FP
	callq \handler
	RESTORE_FP
	addq $16, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rdi
	popq %rsi
	popq %rbp
	popq %rbx
	popq %rdx
	popq %rcx
	popq %rax
	addq $16, %rsp
	iretq
.endm

#endif
