/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts masked in software, for an image that is a process: a signal plays the interrupt, and masking is a
 * flag in memory, as a system call for each lock would cost more than all the rest. Interface: kernel_guard.h.
 *
 * The protocol. Both flags belong to one CPU: only code on it and signals that interrupt that code touch them, so
 * program order suffices and compiler barriers keep it.
 *
 *   signal handler:  if masked: pending = true, return. Else: masked = true, handle, masked = false, and once more
 *                    if something became pending meanwhile (kernel_guard_irq_arrive() and _leave()).
 *   irq_restore:     (1) masked = false; (2) barrier; (3) if pending: kernel_guard_irq_deliver().
 *
 * A signal before (1) finds masked, leaves pending, and (3) sees it. One after (1) finds nothing masked and is
 * handled there and then; if it comes between (3)'s load and the delivery, it may also take what was pending,
 * and the delivery finds nothing, which is why a delivery must expect that. With the test in front of the
 * store, a signal between the two would stay pending until the next restore: a lost wake-up. irq_save() needs
 * no care: a handler that comes between its load and its store leaves the flag as it found it.
 */
#pragma once

#include <base/base.h>
#include <kernel_guard/irq_deliver.h>
#include <kernel_guard/timing.h>
#include <percpu/percpu.h>
#include <stdbool.h>

/** Whether interrupts were masked. */
typedef bool irq_state_t;

#pragma GCC visibility push(default)
/** This CPU's interrupts are masked; from the start, as on hardware. */
PERCPU_DECLARE(bool, kernel_guard_irq_masked);
/** A signal came while they were. */
PERCPU_DECLARE(bool, kernel_guard_irq_pending);
#pragma GCC visibility pop

static AX_ALWAYS_INLINE bool irq_is_enabled(void)
{
	ax_compiler_barrier();
	return !percpu_get(kernel_guard_irq_masked);
}

static AX_ALWAYS_INLINE void irq_disable(void)
{
	bool was_enabled = KERNEL_GUARD_FEATURE_TIMING && irq_is_enabled();
	percpu_set(kernel_guard_irq_masked, true);
	ax_compiler_barrier();
	if (was_enabled)
		kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
}

static AX_ALWAYS_INLINE void irq_enable(void)
{
	ax_compiler_barrier();
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
	percpu_set(kernel_guard_irq_masked, false);
	ax_compiler_barrier();
	if (unlikely(percpu_get(kernel_guard_irq_pending)))
		kernel_guard_irq_deliver();
	ax_compiler_barrier();
}

static AX_ALWAYS_INLINE irq_state_t irq_save(void)
{
	ax_compiler_barrier();
	irq_state_t state = percpu_get(kernel_guard_irq_masked);
	irq_disable();
	return state;
}

static AX_ALWAYS_INLINE void irq_restore(irq_state_t state)
{
	if (!state)
		irq_enable();
	else
		ax_compiler_barrier();
}

/**
 * For the signal handler and for the delivery: whether to handle interrupts now. True: they are masked and nothing is
 * pending any more; handle, then kernel_guard_irq_leave(). False: they are masked already; pending is noted.
 */
static inline bool kernel_guard_irq_arrive(void)
{
	ax_compiler_barrier();
	if (percpu_get(kernel_guard_irq_masked)) {
		percpu_set(kernel_guard_irq_pending, true);
		return false;
	}
	irq_disable();
	percpu_set(kernel_guard_irq_pending, false);
	ax_compiler_barrier();
	return true;
}

/** After handling: true: more came meanwhile, handle again; false: interrupts are unmasked. */
static inline bool kernel_guard_irq_leave(void)
{
	ax_compiler_barrier();
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
	percpu_set(kernel_guard_irq_masked, false);
	ax_compiler_barrier();
	return percpu_get(kernel_guard_irq_pending) && kernel_guard_irq_arrive();
}
