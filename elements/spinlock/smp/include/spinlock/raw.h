/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lock word among several CPUs: test-and-test-and-set, waiting on a plain load so that waiters share the
 * cache line (Rudolph and Segall, "Dynamic decentralized cache schemes", ISCA 1984). Not a ticket lock: in a
 * virtual machine the waiter whose turn it is may not be running, and with tickets all behind it wait for that.
 * Included by spinlock.h.
 */
#pragma once

#include <base/base.h>
#include <spinlock/relax.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct raw_spinlock {
	_Atomic uint32_t held; /* a word: what every architecture can exchange */
} raw_spinlock_t;

#define RAW_SPINLOCK_INIT { 0 }

static AX_ALWAYS_INLINE bool spin_raw_try_lock(raw_spinlock_t *lock)
{
	return !atomic_exchange_explicit(&lock->held, 1, memory_order_acquire);
}

static AX_ALWAYS_INLINE void spin_raw_lock(raw_spinlock_t *lock)
{
	while (unlikely(!spin_raw_try_lock(lock))) {
		while (atomic_load_explicit(&lock->held, memory_order_relaxed))
			spin_relax();
	}
}

static AX_ALWAYS_INLINE void spin_raw_unlock(raw_spinlock_t *lock)
{
	atomic_store_explicit(&lock->held, 0, memory_order_release);
}
