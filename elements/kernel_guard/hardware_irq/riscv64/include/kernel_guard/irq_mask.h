/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts masked by the CPU: sstatus.SIE (RISC-V Privileged Architecture, "Supervisor Status Register"). Supervisor mode.
 * Interface: kernel_guard.h.
 */
#pragma once

#include <base/base.h>
#include <kernel_guard/timing.h>
#include <stdbool.h>

/** sstatus as it was. */
typedef unsigned long irq_state_t;

enum { KERNEL_GUARD_SSTATUS_SIE = 1 << 1 };

static AX_ALWAYS_INLINE void irq_enable(void)
{
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
	__asm__ volatile("csrsi sstatus, 2" : : : "memory");
}

static AX_ALWAYS_INLINE bool irq_is_enabled(void)
{
	irq_state_t sstatus;
	__asm__ volatile("csrr %0, sstatus" : "=r"(sstatus) : : "memory");
	return sstatus & KERNEL_GUARD_SSTATUS_SIE;
}

/* One instruction reads and masks. */
static AX_ALWAYS_INLINE irq_state_t irq_save(void)
{
	irq_state_t sstatus;
	__asm__ volatile("csrrci %0, sstatus, 2" : "=r"(sstatus) : : "memory");
	if (KERNEL_GUARD_FEATURE_TIMING && (sstatus & KERNEL_GUARD_SSTATUS_SIE))
		kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
	return sstatus;
}

static AX_ALWAYS_INLINE void irq_disable(void)
{
	(void)irq_save();
}

static AX_ALWAYS_INLINE void irq_restore(irq_state_t state)
{
	if (state & KERNEL_GUARD_SSTATUS_SIE)
		irq_enable();
	else
		ax_compiler_barrier();
}
