/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutex on one CPU. Interrupt handlers do not lock mutexes, and of what is here they change the queue alone, by taking
 * out who has waited too long: while the caller keeps the CPU, the owner is its own to change. Unlocking makes the first
 * waiter the owner, which returns without another look at the mutex.
 */
#pragma once

#include <axsync/mutex.h>
#include "mutex_inherit.h"

static AX_ALWAYS_INLINE bool take_free(ax_mutex_t *mutex, ax_thread_t *self)
{
	PREEMPT_GUARD();
	if (mutex->owner)
		return false;
	mutex->owner = (uintptr_t)self;
	return true;
}

static AX_ALWAYS_INLINE bool take_unused(ax_mutex_t *mutex, ax_thread_t *self)
{
	return take_free(mutex, self);
}

static AX_ALWAYS_INLINE bool release_unused(ax_mutex_t *mutex, [[maybe_unused]] ax_thread_t *self)
{
	PREEMPT_GUARD();
	if (!ax_wait_queue_is_empty(&mutex->waiters) || mutex_inherits(mutex))
		return false;
	mutex->owner = 0;
	return true;
}

[[gnu::noinline]] static ax_err_t lock_used(ax_mutex_t *mutex, ax_thread_t *self, uint64_t deadline_ns,
					    bool interruptible)
{
	if (mutex_inherits(mutex))
		return ax_mutex_lock_inheriting(mutex, deadline_ns, interruptible);
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	if (!mutex->owner) {
		mutex->owner = (uintptr_t)self;
		ax_wait_queue_unlock(&mutex->waiters, state);
		return AX_OK;
	}
	ax_err_t error = ax_wait_queue_block(&mutex->waiters, deadline_ns, interruptible);
	ax_wait_queue_leave(state);
	return error;
}

[[gnu::noinline]] static void unlock_used(ax_mutex_t *mutex)
{
	if (mutex_inherits(mutex)) {
		ax_mutex_unlock_inheriting(mutex);
		return;
	}
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	ax_thread_t *next = ax_wait_queue_take_one(&mutex->waiters);
	mutex->owner = (uintptr_t)next;
	ax_wait_queue_unlock_and_wake(&mutex->waiters, state, next);
}
