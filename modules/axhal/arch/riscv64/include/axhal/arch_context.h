/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch between two contexts on riscv64, for axhal/context.h alone. What a call must keep: RISC-V ELF psABI, "Register
 * Convention" (s0 to s11, sp, fs0 to fs11) and the floating-point control and status register. The thread pointer is tp; gp
 * is the CPU's, see percpu/arch.h.
 */
#pragma once

#include <axhal/features.h>
#include <base/base.h>
#include <memory_addr/memory_addr.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef uint64_t axhal_arch_fp_control_t; /* fcsr */

/* As a program finds it: round to nearest, no flags. */
#define AXHAL_ARCH_FP_CONTROL_DEFAULT 0

/* The sticky flags belong to the thread as the rounding mode does. */
static AX_ALWAYS_INLINE void axhal_arch_switch_fp_control(axhal_arch_fp_control_t *from, const axhal_arch_fp_control_t *to)
{
	uint64_t control;
	__asm__ volatile("frcsr %0" : "=r"(control));
	*from = control;
	if (unlikely(control != *to))
		__asm__ volatile("fscsr %0" : : "r"(*to));
}

static AX_ALWAYS_INLINE void axhal_arch_switch_thread_pointer([[maybe_unused]] uintptr_t from, uintptr_t to)
{
	__asm__ volatile("mv tp, %0" : : "r"(to));
}

/* What the stack pointer is in a new thread's first function, which has no caller: the return address is 0. */
static inline uintptr_t axhal_arch_first_stack_pointer(void *stack_top)
{
	return align_down((uintptr_t)stack_top, 16);
}

#if AXHAL_FEATURE_FP
#define AXHAL_ARCH_FP_CLOBBERS                                                                                    \
	, "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3",       \
		"fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10",       \
		"fs11", "ft8", "ft9", "ft10", "ft11"
#else
#define AXHAL_ARCH_FP_CLOBBERS
#endif

/* The four words that a context begins with. */
static AX_ALWAYS_INLINE void axhal_arch_switch(uintptr_t from[4], const uintptr_t to[4])
{
	register uintptr_t *left __asm__("a1") = from;
	register const uintptr_t *entered __asm__("a2") = to;
	__asm__ volatile("lla t0, 1f\n\t"
			 "sd sp, 0(a1)\n\t"
			 "sd t0, 8(a1)\n\t"
			 "sd s0, 16(a1)\n\t"
			 "ld sp, 0(a2)\n\t"
			 "ld t0, 8(a2)\n\t"
			 "ld s0, 16(a2)\n\t"
			 "ld a0, 24(a2)\n\t"
			 "li ra, 0\n\t"
			 "jr t0\n"
			 "1:"
			 : "+r"(left), "+r"(entered)
			 :
			 : "memory", "ra", "t0", "t1", "t2", "s1", "a0", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5",
			   "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6" AXHAL_ARCH_FP_CLOBBERS);
}

#pragma GCC visibility pop
