/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread's saved context on x86_64, and the switch between two. The switch is inline: the compiler saves the
 * registers that are live around it and no others, all the state is in the context (nothing is pushed, so code
 * with a red zone may switch too), and the jump that ends it goes to the same place for every thread that was
 * switched away from at this call, which an indirect-branch predictor gets right where a return would miss.
 * What a call must keep: System V ABI for AMD64, section 3.2.1 and figure 3.4 (rbx, rbp, rsp, r12 to r15, the
 * control bits of MXCSR and the x87 control word).
 */
#pragma once

#include <axhal/features.h>
#include <axhal/tls.h>
#include <base/base.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** Its address must not change while it is switched away from. */
typedef struct axhal_context {
	uintptr_t stack_pointer;
	uintptr_t pc;
	uintptr_t frame_pointer;
	uintptr_t argument;       /* first argument at the first switch; stale after */
	uintptr_t thread_pointer; /* FS base; changes only by axhal_context_set_thread_pointer() */
	uint32_t mxcsr;
	uint16_t x87_control;
} axhal_context_t;

/** The processor has WRFSBASE and may use it. Set at boot, before the first switch. */
extern bool axhal_has_fsgsbase;

/**
 * Make @p context that of the running thread, so that axhal_context_switch() can leave it: for the boot thread.
 * @p thread_pointer is what axhal_tls_set() was given, 0 if none.
 */
static inline void axhal_context_adopt(axhal_context_t *context, uintptr_t thread_pointer)
{
	*context = (axhal_context_t){ .thread_pointer = thread_pointer };
}

/** The running thread, whose context is @p context, moves its thread pointer. */
static inline void axhal_context_set_thread_pointer(axhal_context_t *context, uintptr_t thread_pointer)
{
	context->thread_pointer = thread_pointer;
	axhal_tls_set(thread_pointer);
}

/* MXCSR's sticky flags belong to the thread as its control bits do. Loads cost more than stores: compare first. */
static AX_ALWAYS_INLINE void axhal_arch_switch_fp_control(axhal_context_t *from, const axhal_context_t *to)
{
	__asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(from->mxcsr), "=m"(from->x87_control));
	if (unlikely(from->mxcsr != to->mxcsr))
		__asm__ volatile("ldmxcsr %0" : : "m"(to->mxcsr));
	if (unlikely(from->x87_control != to->x87_control))
		__asm__ volatile("fldcw %0" : : "m"(to->x87_control));
}

static AX_ALWAYS_INLINE void axhal_arch_switch_thread_pointer(const axhal_context_t *from,
							      const axhal_context_t *to)
{
	if (from->thread_pointer == to->thread_pointer)
		return;
	if (likely(axhal_has_fsgsbase))
		__asm__ volatile("wrfsbase %0" : : "r"(to->thread_pointer));
	else
		axhal_tls_set(to->thread_pointer);
}

#if AXHAL_FEATURE_FP
#define AXHAL_ARCH_FP_CLOBBERS                                                                     \
	, "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
		"xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)",      \
		"st(4)", "st(5)", "st(6)", "st(7)"
#else
#define AXHAL_ARCH_FP_CLOBBERS
#endif

/**
 * Leave the running thread, saving it in @p from, and continue @p to; returns when something switches to @p from.
 * Interrupts masked (nothing may run on this CPU between the two), and still masked on return.
 */
static AX_ALWAYS_INLINE void axhal_context_switch(axhal_context_t *from, const axhal_context_t *to)
{
#if AXHAL_FEATURE_FP
	axhal_arch_switch_fp_control(from, to);
#endif
#if AXHAL_FEATURE_TLS
	axhal_arch_switch_thread_pointer(from, to);
#endif
	__asm__ volatile("leaq 1f(%%rip), %%rax\n\t"
			 "movq %%rsp, %c[sp](%%rcx)\n\t"
			 "movq %%rax, %c[pc](%%rcx)\n\t"
			 "movq %%rbp, %c[fp](%%rcx)\n\t"
			 "movq %c[sp](%%rdx), %%rsp\n\t"
			 "movq %c[fp](%%rdx), %%rbp\n\t"
			 "movq %c[argument](%%rdx), %%rdi\n\t"
			 "jmpq *%c[pc](%%rdx)\n"
			 "1:"
			 : "+c"(from), "+d"(to)
			 : [sp] "i"(offsetof(axhal_context_t, stack_pointer)),
			   [pc] "i"(offsetof(axhal_context_t, pc)),
			   [fp] "i"(offsetof(axhal_context_t, frame_pointer)),
			   [argument] "i"(offsetof(axhal_context_t, argument))
			 : "memory", "cc", "rax", "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
			   "r13", "r14", "r15" AXHAL_ARCH_FP_CLOBBERS);
}

#pragma GCC visibility pop
