/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch between two contexts on aarch64, for axhal/context.h alone. What a call must keep: AAPCS64, sections 6.1.1 and
 * 6.1.2 (x19 to x29, sp, the low halves of v8 to v15) and the floating-point control and status registers. x18 is the CPU's,
 * see percpu/arch.h.
 */
#pragma once

#include <axhal/features.h>
#include <base/base.h>
#include <memory_addr/memory_addr.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct axhal_arch_fp_control {
	uint64_t control, status;
} axhal_arch_fp_control_t;

/* As a program finds it: round to nearest, no flags, nothing trapped. */
#define AXHAL_ARCH_FP_CONTROL_DEFAULT { 0 }

/* The sticky flags belong to the thread as the control bits do. A write to FPCR may cost a pipeline: compare first. */
static AX_ALWAYS_INLINE void axhal_arch_switch_fp_control(axhal_arch_fp_control_t *from, const axhal_arch_fp_control_t *to)
{
	uint64_t control, status;
	__asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(control), "=r"(status));
	from->control = control;
	from->status = status;
	if (unlikely(control != to->control))
		__asm__ volatile("msr fpcr, %0" : : "r"(to->control));
	if (unlikely(status != to->status))
		__asm__ volatile("msr fpsr, %0" : : "r"(to->status));
}

/* TPIDR_EL0. */
static AX_ALWAYS_INLINE void axhal_arch_switch_thread_pointer(uintptr_t from, uintptr_t to)
{
	if (from != to)
		__asm__ volatile("msr tpidr_el0, %0" : : "r"(to));
}

/* What the stack pointer is in a new thread's first function, which has no caller: the return address is 0. */
static inline uintptr_t axhal_arch_first_stack_pointer(void *stack_top)
{
	return align_down((uintptr_t)stack_top, 16);
}

#if AXHAL_FEATURE_FP
#define AXHAL_ARCH_FP_CLOBBERS                                                                                   \
	, "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15",  \
		"v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28",       \
		"v29", "v30", "v31"
#else
#define AXHAL_ARCH_FP_CLOBBERS
#endif

/* The four words that a context begins with. */
static AX_ALWAYS_INLINE void axhal_arch_switch(uintptr_t from[4], const uintptr_t to[4])
{
	register uintptr_t *left __asm__("x8") = from;
	register const uintptr_t *entered __asm__("x9") = to;
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
