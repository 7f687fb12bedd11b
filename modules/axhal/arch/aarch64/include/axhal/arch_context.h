/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread's saved context on aarch64, and the switch between two. The switch is inline: the compiler saves the registers
 * that are live around it and no others, and all the state is in the context. What a call must keep: AAPCS64, sections 6.1.1
 * and 6.1.2 (x19 to x29, sp, the low halves of v8 to v15) and the floating-point control and status registers. x18 is the
 * CPU's, see percpu/arch.h.
 */
#pragma once

#include <axhal/features.h>
#include <axhal/tls.h>
#include <base/base.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** Its address must not change while it is switched away from. */
typedef struct axhal_context {
	uintptr_t stack_pointer;
	uintptr_t pc;
	uintptr_t frame_pointer;
	uintptr_t argument;       /* first argument at the first switch; stale after */
	uintptr_t thread_pointer; /* TPIDR_EL0; changes only by axhal_context_set_thread_pointer() */
	uint64_t fp_control, fp_status;
} axhal_context_t;

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

/* The sticky flags belong to the thread as the control bits do. A write to FPCR may cost a pipeline: compare first. */
static AX_ALWAYS_INLINE void axhal_arch_switch_fp_control(axhal_context_t *from, const axhal_context_t *to)
{
	uint64_t control, status;
	__asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(control), "=r"(status));
	from->fp_control = control;
	from->fp_status = status;
	if (unlikely(control != to->fp_control))
		__asm__ volatile("msr fpcr, %0" : : "r"(to->fp_control));
	if (unlikely(status != to->fp_status))
		__asm__ volatile("msr fpsr, %0" : : "r"(to->fp_status));
}

#if AXHAL_FEATURE_FP
#define AXHAL_ARCH_FP_CLOBBERS                                                                                   \
	, "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15",  \
		"v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28",       \
		"v29", "v30", "v31"
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
	if (from->thread_pointer != to->thread_pointer)
		__asm__ volatile("msr tpidr_el0, %0" : : "r"(to->thread_pointer));
#endif
	_Static_assert(offsetof(axhal_context_t, pc) == 8 && offsetof(axhal_context_t, argument) == 24, "pairs");
	register axhal_context_t *left __asm__("x8") = from;
	register const axhal_context_t *entered __asm__("x9") = to;
	/* A new thread has no caller: the return address is 0. */
	__asm__ volatile("mov x10, sp\n\t"
			 "adr x11, 1f\n\t"
			 "stp x10, x11, [x8]\n\t"
			 "str x29, [x8, #16]\n\t"
			 "ldp x10, x11, [x9]\n\t"
			 "ldp x29, x0, [x9, #16]\n\t"
			 "mov sp, x10\n\t"
			 "mov x30, xzr\n\t"
			 "br x11\n"
			 "1:"
			 : "+r"(left), "+r"(entered)
			 :
			 : "memory", "cc", "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x10", "x11", "x12", "x13", "x14",
			   "x15", "x16", "x17", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28",
			   "x30" AXHAL_ARCH_FP_CLOBBERS);
}

#pragma GCC visibility pop
