/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts masked by the CPU: PSTATE.I (Arm ARM DDI 0487, D1.3, "Asynchronous exception types"). FIQ stays unmasked: it
 * is the kernel's non-maskable interrupt. EL1. Interface: kernel_guard.h.
 */
#pragma once

#include <base/base.h>
#include <kernel_guard/timing.h>
#include <stdbool.h>

/** DAIF as it was. */
typedef unsigned long irq_state_t;

enum { KERNEL_GUARD_DAIF_I = 1 << 7 };

static AX_ALWAYS_INLINE irq_state_t kernel_guard_daif(void)
{
	irq_state_t daif;
	__asm__ volatile("mrs %0, daif" : "=r"(daif) : : "memory");
	return daif;
}

static AX_ALWAYS_INLINE void irq_enable(void)
{
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
	__asm__ volatile("msr daifclr, #2" : : : "memory");
}

static AX_ALWAYS_INLINE bool irq_is_enabled(void)
{
	return !(kernel_guard_daif() & KERNEL_GUARD_DAIF_I);
}

static AX_ALWAYS_INLINE void irq_disable(void)
{
	bool was_enabled = KERNEL_GUARD_FEATURE_TIMING && irq_is_enabled();
	__asm__ volatile("msr daifset, #2" : : : "memory");
	if (was_enabled)
		kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
}

static AX_ALWAYS_INLINE irq_state_t irq_save(void)
{
	irq_state_t daif = kernel_guard_daif();
	__asm__ volatile("msr daifset, #2" : : : "memory");
	if (KERNEL_GUARD_FEATURE_TIMING && !(daif & KERNEL_GUARD_DAIF_I))
		kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
	return daif;
}

static AX_ALWAYS_INLINE void irq_restore(irq_state_t state)
{
	if (state & KERNEL_GUARD_DAIF_I)
		ax_compiler_barrier();
	else
		irq_enable();
}
