/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a condition variable's queue to its mutex's. With several CPUs who is signalled goes on waiting in the mutex's
 * queue, without being woken only to find it locked. On one CPU the signaller runs on, and has mostly unlocked the
 * mutex before anybody whom it woke runs.
 */
#pragma once

#include <axsync/condvar.h>

#if AXSYNC_FEATURE_SMP

/**
 * mutex.c: the chain @p threads, not empty, which was taken out of another queue, waits for @p mutex. Interrupts masked and
 * preemption off; then interrupts go back to @p state, and preemption on.
 */
void ax_mutex_requeue(ax_mutex_t *mutex, irq_state_t state, ax_thread_t *threads);

/** mutex.c: a thread that was requeued is awake: it goes on to lock @p mutex. */
void ax_mutex_lock_requeued(ax_mutex_t *mutex);

/** The condition variable is locked, by who is about to wait. */
static inline void condvar_set_mutex(ax_condvar_t *condvar, ax_mutex_t *mutex)
{
	condvar->mutex = mutex;
}

/** It is locked, and unlocked here. */
static inline void condvar_unlock_and_wake(ax_condvar_t *condvar, irq_state_t state, ax_thread_t *threads)
{
	ax_mutex_t *mutex = condvar->mutex;
	if (!threads) {
		ax_wait_queue_unlock(&condvar->waiters, state);
		return;
	}
	spin_raw_unlock(&condvar->waiters.lock.raw);
	ax_mutex_requeue(mutex, state, threads);
}

/** What ends every wait that was signalled. */
static inline void condvar_lock_mutex(ax_mutex_t *mutex)
{
	ax_mutex_lock_requeued(mutex);
}

#else

static inline void condvar_set_mutex([[maybe_unused]] ax_condvar_t *condvar, [[maybe_unused]] ax_mutex_t *mutex)
{
}

static inline void condvar_unlock_and_wake(ax_condvar_t *condvar, irq_state_t state, ax_thread_t *threads)
{
	ax_wait_queue_unlock_and_wake(&condvar->waiters, state, threads);
}

static inline void condvar_lock_mutex(ax_mutex_t *mutex)
{
	ax_mutex_lock(mutex);
}

#endif
