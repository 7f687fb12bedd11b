/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch between two contexts on x86_64, for axhal/context.h alone. Nothing is pushed, so code with a red zone may switch
 * too, and the jump that ends it goes to the same place for every thread that was switched away from at this call, which an
 * indirect-branch predictor gets right where a return would miss. What a call must keep: System V ABI for AMD64, section
 * 3.2.1 and figure 3.4 (rbx, rbp, rsp, r12 to r15, the control bits of MXCSR and the x87 control word).
 */
#pragma once

#include <axhal/features.h>
#include <axhal/tls.h>
#include <base/base.h>
#include <memory_addr/memory_addr.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** The processor has WRFSBASE and may use it. Set at boot, before the first switch. */
extern bool axhal_has_fsgsbase;

typedef struct axhal_arch_fp_control {
	uint32_t mxcsr;
	uint16_t x87_control;
} axhal_arch_fp_control_t;

/* SSE and x87 as a program finds them (System V ABI for AMD64, section 3.4.1): all exceptions masked. */
#define AXHAL_ARCH_FP_CONTROL_DEFAULT { .mxcsr = 0x1f80, .x87_control = 0x037f }

/* MXCSR's sticky flags belong to the thread as its control bits do. Loads cost more than stores: compare first. */
static AX_ALWAYS_INLINE void axhal_arch_switch_fp_control(axhal_arch_fp_control_t *from, const axhal_arch_fp_control_t *to)
{
	__asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(from->mxcsr), "=m"(from->x87_control));
	if (unlikely(from->mxcsr != to->mxcsr))
		__asm__ volatile("ldmxcsr %0" : : "m"(to->mxcsr));
	if (unlikely(from->x87_control != to->x87_control))
		__asm__ volatile("fldcw %0" : : "m"(to->x87_control));
}

/* FS base. */
static AX_ALWAYS_INLINE void axhal_arch_switch_thread_pointer(uintptr_t from, uintptr_t to)
{
	if (from == to)
		return;
	if (likely(axhal_has_fsgsbase))
		__asm__ volatile("wrfsbase %0" : : "r"(to));
	else
		axhal_tls_set(to);
}

/* What the stack pointer is in a new thread's first function: as if called, a return address, 0, lies there, and below it
 * rsp + 8 is 16-byte aligned. */
static inline uintptr_t axhal_arch_first_stack_pointer(void *stack_top)
{
	uintptr_t *stack = (uintptr_t *)align_down((uintptr_t)stack_top, 16);
	*--stack = 0;
	*--stack = 0;
	return (uintptr_t)(stack + 1);
}

#if AXHAL_FEATURE_FP
#define AXHAL_ARCH_FP_CLOBBERS                                                                     \
	, "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
		"xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)",      \
		"st(4)", "st(5)", "st(6)", "st(7)"
#else
#define AXHAL_ARCH_FP_CLOBBERS
#endif

/* The four words that a context begins with. */
static AX_ALWAYS_INLINE void axhal_arch_switch(uintptr_t from[4], const uintptr_t to[4])
{
	__asm__ volatile("leaq 1f(%%rip), %%rax\n\t"
			 "movq %%rsp, (%%rcx)\n\t"
			 "movq %%rax, 8(%%rcx)\n\t"
			 "movq %%rbp, 16(%%rcx)\n\t"
			 "movq (%%rdx), %%rsp\n\t"
			 "movq 16(%%rdx), %%rbp\n\t"
			 "movq 24(%%rdx), %%rdi\n\t"
			 "jmpq *8(%%rdx)\n"
			 "1:"
			 : "+c"(from), "+d"(to)
			 :
			 : "memory", "cc", "rax", "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
			   "r13", "r14", "r15" AXHAL_ARCH_FP_CLOBBERS);
}

#pragma GCC visibility pop
