/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts masked by the CPU: RFLAGS.IF, bit 9 (Intel SDM vol. 3, 6.8.1). Ring 0. Interface: kernel_guard.h. */
#pragma once

#include <base/base.h>
#include <kernel_guard/timing.h>
#include <stdbool.h>

/** RFLAGS as it was. */
typedef unsigned long irq_state_t;

enum { KERNEL_GUARD_RFLAGS_IF = 1 << 9 };

static AX_ALWAYS_INLINE irq_state_t kernel_guard_rflags(void)
{
	irq_state_t flags;
	__asm__ volatile("pushfq\n\tpop %0" : "=r"(flags) : : "memory");
	return flags;
}

static AX_ALWAYS_INLINE void irq_enable(void)
{
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
	__asm__ volatile("sti" : : : "memory");
}

static AX_ALWAYS_INLINE bool irq_is_enabled(void)
{
	return kernel_guard_rflags() & KERNEL_GUARD_RFLAGS_IF;
}

static AX_ALWAYS_INLINE void irq_disable(void)
{
	bool was_enabled = KERNEL_GUARD_FEATURE_TIMING && irq_is_enabled();
	__asm__ volatile("cli" : : : "memory");
	if (was_enabled)
		kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
}

static AX_ALWAYS_INLINE irq_state_t irq_save(void)
{
	irq_state_t flags = kernel_guard_rflags();
	__asm__ volatile("cli" : : : "memory");
	if (KERNEL_GUARD_FEATURE_TIMING && (flags & KERNEL_GUARD_RFLAGS_IF))
		kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
	return flags;
}

/* A branch and STI are cheaper than POPF, which microcode runs. */
static AX_ALWAYS_INLINE void irq_restore(irq_state_t state)
{
	if (state & KERNEL_GUARD_RFLAGS_IF)
		irq_enable();
	else
		ax_compiler_barrier();
}
