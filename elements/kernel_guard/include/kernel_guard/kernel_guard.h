/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guards on this CPU: against interrupts (irq_*) and against preemption (preempt_*). Scoped forms end with the block:
 *
 *	IRQ_GUARD();		interrupts are masked up to the end of the block, then as they were before
 *	PREEMPT_GUARD();	the thread keeps the CPU up to the end of the block
 *	IRQ_PREEMPT_GUARD();	both
 *
 * Interrupts, from kernel_guard/irq_mask.h, which the choice irq_mask selects; for any context:
 *
 *	irq_state_t irq_save(void)	mask; returns what was before
 *	void irq_restore(irq_state_t)	back to what was before
 *	void irq_enable(void)		unmask
 *	void irq_disable(void)		mask
 *	bool irq_is_enabled(void)
 *
 * Each of them is a compiler barrier. Preemption nests: a count per CPU; without feature `preempt` nothing is
 * counted and nothing compiled but the barrier. Who makes a reschedule due sets this CPU's
 * kernel_guard_need_resched; it happens at once if possible, else when the last guard ends: preempt_enable()
 * that ends the last one with interrupts unmasked calls the glue kernel_guard_resched(). An interrupt's exit
 * path asks preempt_resched_is_due() and reschedules itself. When ending both guards, restore interrupts first,
 * so that a reschedule that is due is not missed. Feature `timing` measures all this: timing.h.
 */
#pragma once

#include <base/base.h>
#include <kernel_guard/features.h>
#include <kernel_guard/irq_mask.h>
#include <kernel_guard/timing.h>
#include <percpu/percpu.h>
#include <stdbool.h>

#if KERNEL_GUARD_FEATURE_PREEMPT
#include <kernel_guard/resched.h>

#pragma GCC visibility push(default)
/** Disables of preemption on this CPU that are in force. */
PERCPU_DECLARE(unsigned, kernel_guard_preempt_disables);
/** A reschedule of this CPU is due. Set by anyone on this CPU, cleared by kernel_guard_resched()'s provider. */
PERCPU_DECLARE(bool, kernel_guard_need_resched);
#pragma GCC visibility pop

/** Guards against preemption in force on this CPU: 0 is preemptible. */
static inline unsigned preempt_count(void)
{
	return percpu_get(kernel_guard_preempt_disables);
}

/** Make it @p count: the count is the CPU's, so who switches threads keeps each thread's own across the switch. */
static AX_ALWAYS_INLINE void preempt_count_restore(unsigned count)
{
	bool was_disabled = KERNEL_GUARD_FEATURE_TIMING && preempt_count();
	if (was_disabled && !count)
		kernel_guard_timing_end(KERNEL_GUARD_PREEMPT_DISABLED);
	percpu_set(kernel_guard_preempt_disables, count);
	ax_compiler_barrier();
	if (KERNEL_GUARD_FEATURE_TIMING && !was_disabled && count)
		kernel_guard_timing_begin(KERNEL_GUARD_PREEMPT_DISABLED);
}

/** A reschedule is due and no guard against preemption is in force. Interrupts are the caller's matter. */
static inline bool preempt_resched_is_due(void)
{
	return percpu_get(kernel_guard_need_resched) && preempt_count() == 0;
}

/** The thread keeps this CPU until the matching preempt_enable(). Any context. */
static AX_ALWAYS_INLINE void preempt_disable(void)
{
	percpu_add(kernel_guard_preempt_disables, 1);
	ax_compiler_barrier();
	if (KERNEL_GUARD_FEATURE_TIMING && preempt_count() == 1)
		kernel_guard_timing_begin(KERNEL_GUARD_PREEMPT_DISABLED);
}

/* The guard that ends now is the last one. */
static AX_ALWAYS_INLINE void kernel_guard_preempt_ends(void)
{
	if (KERNEL_GUARD_FEATURE_TIMING && preempt_count() == 1)
		kernel_guard_timing_end(KERNEL_GUARD_PREEMPT_DISABLED);
}

/** preempt_enable() without the reschedule: for who is about to switch threads or leave an interrupt. Any context. */
static AX_ALWAYS_INLINE void preempt_enable_no_resched(void)
{
	ax_compiler_barrier();
	kernel_guard_preempt_ends();
	percpu_add(kernel_guard_preempt_disables, -1);
}

/** Ends the matching preempt_disable(); reschedules if that was the last one and a reschedule is due. Any context. */
static AX_ALWAYS_INLINE void preempt_enable(void)
{
	ax_compiler_barrier();
	kernel_guard_preempt_ends();
	if (percpu_add_is_zero(kernel_guard_preempt_disables, -1)) {
		ax_compiler_barrier();
		if (unlikely(percpu_get(kernel_guard_need_resched)) && irq_is_enabled())
			kernel_guard_resched();
	}
	ax_compiler_barrier();
}
#else
static inline unsigned preempt_count(void)
{
	return 0;
}

static AX_ALWAYS_INLINE void preempt_count_restore([[maybe_unused]] unsigned count)
{
}

static inline bool preempt_resched_is_due(void)
{
	return false;
}

static AX_ALWAYS_INLINE void preempt_disable(void)
{
	ax_compiler_barrier();
}

static AX_ALWAYS_INLINE void preempt_enable_no_resched(void)
{
	ax_compiler_barrier();
}

static AX_ALWAYS_INLINE void preempt_enable(void)
{
	ax_compiler_barrier();
}
#endif

/** Feature `timing`: before waiting for an interrupt, which is no section (timing.h). Interrupts masked. */
static AX_ALWAYS_INLINE void kernel_guard_timing_pause(void)
{
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
	if (KERNEL_GUARD_FEATURE_TIMING && preempt_count())
		kernel_guard_timing_end(KERNEL_GUARD_PREEMPT_DISABLED);
}

/** After it. Interrupts unmasked. */
static AX_ALWAYS_INLINE void kernel_guard_timing_continue(void)
{
	if (KERNEL_GUARD_FEATURE_TIMING && preempt_count())
		kernel_guard_timing_begin(KERNEL_GUARD_PREEMPT_DISABLED);
}

static AX_ALWAYS_INLINE void kernel_guard_end_irq(const irq_state_t *state)
{
	irq_restore(*state);
}

static AX_ALWAYS_INLINE void kernel_guard_end_preempt([[maybe_unused]] const char *unused)
{
	preempt_enable();
}

static AX_ALWAYS_INLINE char kernel_guard_begin_preempt(void)
{
	preempt_disable();
	return 0;
}

#define IRQ_GUARD()                                                                                \
	[[maybe_unused]] AX_CLEANUP(kernel_guard_end_irq)                                          \
	const irq_state_t AX_CONCAT(irq_guard_, __LINE__) = irq_save()

#define PREEMPT_GUARD()                                                                            \
	[[maybe_unused]] AX_CLEANUP(kernel_guard_end_preempt)                                      \
	const char AX_CONCAT(preempt_guard_, __LINE__) = kernel_guard_begin_preempt()

/* Ends in reverse: interrupts, then preemption. */
#define IRQ_PREEMPT_GUARD()                                                                        \
	PREEMPT_GUARD();                                                                           \
	IRQ_GUARD()
