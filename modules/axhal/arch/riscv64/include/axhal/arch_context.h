/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread's saved context on riscv64, and the switch between two. The switch is inline: the compiler saves the registers
 * that are live around it and no others, and all the state is in the context. What a call must keep: RISC-V ELF psABI,
 * "Register Convention" (s0 to s11, sp, fs0 to fs11) and the floating-point control and status register. The thread pointer
 * is tp; gp is the CPU's, see percpu/arch.h.
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
	uintptr_t thread_pointer; /* changes only by axhal_context_set_thread_pointer() */
	uint64_t fp_control;
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

/* The sticky flags belong to the thread as the rounding mode does. */
static AX_ALWAYS_INLINE void axhal_arch_switch_fp_control(axhal_context_t *from, const axhal_context_t *to)
{
	uint64_t control;
	__asm__ volatile("frcsr %0" : "=r"(control));
	from->fp_control = control;
	if (unlikely(control != to->fp_control))
		__asm__ volatile("fscsr %0" : : "r"(to->fp_control));
}

#if AXHAL_FEATURE_FP
#define AXHAL_ARCH_FP_CLOBBERS                                                                                    \
	, "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3",       \
		"fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10",       \
		"fs11", "ft8", "ft9", "ft10", "ft11"
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
	__asm__ volatile("mv tp, %0" : : "r"(to->thread_pointer));
#endif
	_Static_assert(offsetof(axhal_context_t, pc) == 8 && offsetof(axhal_context_t, argument) == 24, "the offsets below");
	register axhal_context_t *left __asm__("a1") = from;
	register const axhal_context_t *entered __asm__("a2") = to;
	/* A new thread has no caller: the return address is 0. */
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
