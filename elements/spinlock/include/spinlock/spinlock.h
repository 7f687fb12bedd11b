/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spin locks, for short sections that do not sleep.
 *
 *	raw_spinlock_t	spin_raw_lock, spin_raw_try_lock, spin_raw_unlock: the lock alone. For who has
 *			interrupts masked and preemption off already, as in a thread switch.
 *	spinlock_t	spin_lock, spin_try_lock, spin_unlock: with preemption off. For what no interrupt handler locks.
 *	irq_spinlock_t	spin_lock_irq, spin_unlock_irq: with preemption off and interrupts masked. For the rest.
 *
 * Scoped: SPIN_GUARD(&lock), SPIN_GUARD_IRQ(&lock), SPIN_GUARD_RAW(&lock) hold it to the end of the block.
 * Without feature `smp` a lock is an empty struct and taking it is its guard alone: on one CPU, whoever gets to
 * run has the lock. (try_lock then always succeeds.) Locks do not nest with themselves; the order among locks
 * is its users' matter. spin_relax() belongs into any other loop that waits for another CPU.
 */
#pragma once

#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <spinlock/features.h>
#include <stdbool.h>

#if SPINLOCK_FEATURE_SMP
#include <spinlock/raw.h>
#else
typedef struct raw_spinlock {
} raw_spinlock_t;

#define RAW_SPINLOCK_INIT                                                                          \
	{                                                                                          \
	}

static AX_ALWAYS_INLINE void spin_relax(void)
{
	ax_compiler_barrier();
}

static AX_ALWAYS_INLINE void spin_raw_lock([[maybe_unused]] raw_spinlock_t *lock)
{
	ax_compiler_barrier();
}

static AX_ALWAYS_INLINE bool spin_raw_try_lock([[maybe_unused]] raw_spinlock_t *lock)
{
	ax_compiler_barrier();
	return true;
}

static AX_ALWAYS_INLINE void spin_raw_unlock([[maybe_unused]] raw_spinlock_t *lock)
{
	ax_compiler_barrier();
}
#endif

typedef struct spinlock {
	raw_spinlock_t raw;
} spinlock_t;

typedef struct irq_spinlock {
	raw_spinlock_t raw;
} irq_spinlock_t;

#define SPINLOCK_INIT	  { RAW_SPINLOCK_INIT }
#define IRQ_SPINLOCK_INIT { RAW_SPINLOCK_INIT }

/** Takes @p lock, with preemption off until spin_unlock(). Thread context. */
static AX_ALWAYS_INLINE void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	spin_raw_lock(&lock->raw);
}

/** Takes @p lock if it is free; false if not. Thread context. */
[[nodiscard]] static AX_ALWAYS_INLINE bool spin_try_lock(spinlock_t *lock)
{
	preempt_disable();
	if (likely(spin_raw_try_lock(&lock->raw)))
		return true;
	preempt_enable();
	return false;
}

/** May reschedule. */
static AX_ALWAYS_INLINE void spin_unlock(spinlock_t *lock)
{
	spin_raw_unlock(&lock->raw);
	preempt_enable();
}

/** Takes @p lock, with interrupts masked and preemption off. Any context. Returns what spin_unlock_irq() wants. */
[[nodiscard]] static AX_ALWAYS_INLINE irq_state_t spin_lock_irq(irq_spinlock_t *lock)
{
	irq_state_t state = irq_save();
	preempt_disable();
	spin_raw_lock(&lock->raw);
	return state;
}

/** Interrupts go back to @p state; may then reschedule. */
static AX_ALWAYS_INLINE void spin_unlock_irq(irq_spinlock_t *lock, irq_state_t state)
{
	spin_raw_unlock(&lock->raw);
	irq_restore(state);
	preempt_enable();
}

typedef struct spin_irq_guard {
	irq_spinlock_t *lock;
	irq_state_t state;
} spin_irq_guard_t;

static AX_ALWAYS_INLINE raw_spinlock_t *spin_guard_begin_raw(raw_spinlock_t *lock)
{
	spin_raw_lock(lock);
	return lock;
}

static AX_ALWAYS_INLINE void spin_guard_end_raw(raw_spinlock_t *const *lock)
{
	spin_raw_unlock(*lock);
}

static AX_ALWAYS_INLINE spinlock_t *spin_guard_begin(spinlock_t *lock)
{
	spin_lock(lock);
	return lock;
}

static AX_ALWAYS_INLINE void spin_guard_end(spinlock_t *const *lock)
{
	spin_unlock(*lock);
}

static AX_ALWAYS_INLINE spin_irq_guard_t spin_guard_begin_irq(irq_spinlock_t *lock)
{
	return (spin_irq_guard_t){ lock, spin_lock_irq(lock) };
}

static AX_ALWAYS_INLINE void spin_guard_end_irq(const spin_irq_guard_t *guard)
{
	spin_unlock_irq(guard->lock, guard->state);
}

#define SPIN_GUARD_RAW(lock)                                                                       \
	[[maybe_unused]] AX_CLEANUP(spin_guard_end_raw)                                            \
	raw_spinlock_t *const AX_CONCAT(spin_guard_, __LINE__) = spin_guard_begin_raw(lock)

#define SPIN_GUARD(lock)                                                                           \
	[[maybe_unused]] AX_CLEANUP(spin_guard_end)                                                \
	spinlock_t *const AX_CONCAT(spin_guard_, __LINE__) = spin_guard_begin(lock)

#define SPIN_GUARD_IRQ(lock)                                                                       \
	[[maybe_unused]] AX_CLEANUP(spin_guard_end_irq)                                            \
	const spin_irq_guard_t AX_CONCAT(spin_guard_, __LINE__) = spin_guard_begin_irq(lock)
