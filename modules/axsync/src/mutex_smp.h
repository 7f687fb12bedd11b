/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutex among several CPUs: one word, changed by compare-and-swap, and a queue that is locked only when threads wait.
 * Of the word's flags
 *
 *	WAITED	 somebody is in the queue, or was when it was last looked at
 *	WOKEN	 somebody was taken out of it and woken to try again
 *	URGENT	 who is first in the queue was woken before, in vain: the next unlock hands over
 *
 * An unlock with waiters leaves the mutex free and wakes one, unless one is WOKEN already: handing over at once would
 * make everybody wait until the new owner has found a CPU, again and again (J. Blasgen, J. Gray, M. Mitoma and
 * T. Price, "The convoy phenomenon", SIGOPS Operating Systems Review 13(2), 1979). That one may find the mutex locked
 * again. It then waits in front of the others, and the next unlock makes it the owner: nobody is overtaken for ever.
 *
 *  - WAITED is set, and WAITED and URGENT are cleared, with the queue locked. While the mutex is free nobody is in the
 *    queue unless WOKEN is set.
 *  - While it is locked, and the queue too, nobody but the owner changes the word, except for setting WAITED.
 *  - An unlock that wakes nobody ends with its change of the word. One that wakes somebody ends with that: until then
 *    there is a thread that waits, so the mutex is not destroyed.
 *
 * Before it sleeps a thread spins as long as the owner runs, but not for ever: the host may have stopped the owner's CPU
 * (J. Ousterhout, "Scheduling techniques for concurrent systems", ICDCS 1982, section 3.2: two-phase blocking).
 */
#pragma once

#include <axconfig/axconfig.h>
#include <axsync/mutex.h>
#include "mutex_inherit.h"
#include "requeue.h"

enum { WAITED = 1, WOKEN = 2, URGENT = 4, FLAGS = WAITED | WOKEN | URGENT };
_Static_assert((uintptr_t)FLAGS == (AX_MUTEX_FLAGS & ~AX_MUTEX_INHERITS), "mutex.h's");

static inline uintptr_t word_of(const ax_mutex_t *mutex)
{
	return __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED);
}

/* Changes the word from *seen, which becomes what it is instead if it is not that. */
static inline bool change(ax_mutex_t *mutex, uintptr_t *seen, uintptr_t wanted, int order)
{
	return __atomic_compare_exchange_n(&mutex->owner, seen, wanted, false, order, __ATOMIC_RELAXED);
}

static inline bool is_free(uintptr_t word)
{
	return word <= FLAGS;
}

static AX_ALWAYS_INLINE bool take_unused(ax_mutex_t *mutex, ax_thread_t *self)
{
	uintptr_t seen = 0;
	return change(mutex, &seen, (uintptr_t)self, __ATOMIC_ACQUIRE);
}

static inline bool take_free(ax_mutex_t *mutex, ax_thread_t *self)
{
	uintptr_t word = word_of(mutex);
	while (is_free(word)) {
		if (change(mutex, &word, word | (uintptr_t)self, __ATOMIC_ACQUIRE))
			return true;
	}
	return false;
}

static AX_ALWAYS_INLINE bool release_unused(ax_mutex_t *mutex, ax_thread_t *self)
{
	uintptr_t seen = (uintptr_t)self;
	return change(mutex, &seen, 0, __ATOMIC_RELEASE);
}

/* Try while that may soon succeed. @p woken is WOKEN for who was, else 0. */
static bool spin(ax_mutex_t *mutex, ax_thread_t *self, uintptr_t woken)
{
	unsigned cpu = 0;
	for (unsigned i = 0; i < AX_CONFIG_MUTEX_SPINS; i++) {
		uintptr_t word = word_of(mutex);
		if (is_free(word)) {
			if (change(mutex, &word, (word & ~woken) | (uintptr_t)self, __ATOMIC_ACQUIRE))
				return true;
		} else if (word & URGENT || !axtask_is_running((const ax_thread_t *)(word & ~(uintptr_t)FLAGS), &cpu)) {
			return false;
		}
		spin_relax();
	}
	return false;
}

/* The queue is locked. Takes the mutex if it is free, else says that the caller waits. */
static bool take_or_wait(ax_mutex_t *mutex, ax_thread_t *self, uintptr_t woken)
{
	uintptr_t word = word_of(mutex);
	for (;;) {
		uintptr_t mine = is_free(word) ? (uintptr_t)self : woken ? WAITED | URGENT : WAITED;
		if (change(mutex, &word, (word & ~woken) | mine, __ATOMIC_ACQUIRE))
			return is_free(word);
	}
}

static ax_err_t sleep(ax_mutex_t *mutex, irq_state_t state, uint64_t deadline_ns, bool interruptible, bool first)
{
	ax_err_t error = first ? ax_wait_queue_block_first(&mutex->waiters, deadline_ns, interruptible)
			       : ax_wait_queue_block(&mutex->waiters, deadline_ns, interruptible);
	ax_wait_queue_leave(state);
	return error;
}

/* Who sleeps in the queue is woken as the owner, or as the one that is WOKEN. */
static ax_err_t wait(ax_mutex_t *mutex, ax_thread_t *self, uintptr_t woken, uint64_t deadline_ns, bool interruptible)
{
	for (;; woken = WOKEN) {
		if (spin(mutex, self, woken))
			return AX_OK;
		irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
		if (take_or_wait(mutex, self, woken)) {
			ax_wait_queue_unlock(&mutex->waiters, state);
			return AX_OK;
		}
		ax_err_t error = sleep(mutex, state, deadline_ns, interruptible, woken);
		if (error != AX_OK || ax_mutex_owner(mutex) == self)
			return error;
	}
}

[[gnu::noinline]] static ax_err_t lock_used(ax_mutex_t *mutex, ax_thread_t *self, uint64_t deadline_ns,
					    bool interruptible)
{
	if (mutex_inherits(mutex))
		return ax_mutex_lock_inheriting(mutex, deadline_ns, interruptible);
	return wait(mutex, self, 0, deadline_ns, interruptible);
}

/* The queue is locked, and so is the mutex; @p next was taken out. */
static void release_to(ax_mutex_t *mutex, ax_thread_t *next)
{
	uintptr_t waited = ax_wait_queue_is_empty(&mutex->waiters) ? 0 : WAITED;
	uintptr_t to = word_of(mutex) & URGENT ? (uintptr_t)next : WOKEN;
	__atomic_store_n(&mutex->owner, to | waited, __ATOMIC_RELEASE);
}

[[gnu::noinline]] static void unlock_used(ax_mutex_t *mutex)
{
	if (mutex_inherits(mutex)) {
		ax_mutex_unlock_inheriting(mutex);
		return;
	}
	for (;;) {
		uintptr_t word = word_of(mutex);
		if (!(word & WAITED) || word & WOKEN) {
			if (change(mutex, &word, word & FLAGS, __ATOMIC_RELEASE))
				return;
			continue;
		}
		irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
		ax_thread_t *next = ax_wait_queue_take_one(&mutex->waiters);
		if (next) {
			release_to(mutex, next);
			ax_wait_queue_unlock_and_wake(&mutex->waiters, state, next);
			return;
		}
		__atomic_fetch_and(&mutex->owner, ~(uintptr_t)(WAITED | URGENT), __ATOMIC_RELAXED);
		ax_wait_queue_unlock(&mutex->waiters, state);
	}
}

/* If the mutex is free the first of them tries for it at once: it is WOKEN. */
void ax_mutex_requeue(ax_mutex_t *mutex, irq_state_t state, ax_thread_t *threads)
{
	if (mutex_inherits(mutex)) {
		ax_mutex_requeue_inheriting(mutex, state, threads);
		return;
	}
	spin_raw_lock(&mutex->waiters.lock.raw);
	uintptr_t word = word_of(mutex), wanted;
	ax_thread_t *woken, *rest;
	do {
		woken = is_free(word) && !(word & WOKEN) ? threads : NULL;
		wanted = word | WAITED | (woken ? WOKEN : 0);
	} while (!change(mutex, &word, wanted, __ATOMIC_RELAXED));
	rest = woken ? ax_wait_queue_cut_taken(woken) : threads;
	ax_wait_queue_add_taken(&mutex->waiters, rest);
	ax_wait_queue_unlock_and_wake(&mutex->waiters, state, woken);
}

void ax_mutex_lock_requeued(ax_mutex_t *mutex)
{
	ax_thread_t *self = axtask_current();
	if (ax_mutex_owner(mutex) == self)
		return;
	ax_err_t never = wait(mutex, self, WOKEN, AXTASK_FOREVER, false);
	(void)never; /* without a deadline there is nothing to fail */
}
