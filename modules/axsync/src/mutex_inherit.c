/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes that inherit priorities. Everything happens with the queue locked: the owner that a waiter lends to is the
 * owner until it has unlocked, which it cannot do meanwhile. An unlock hands over, so while somebody waits there is an owner.
 */
#include "mutex_inherit.h"

#include <axtask/inherit.h>

static void set_owner(ax_mutex_t *mutex, ax_thread_t *owner)
{
	__atomic_store_n(&mutex->owner, (uintptr_t)owner | AX_MUTEX_INHERITS, __ATOMIC_RELAXED);
}

/* The queue is locked. */
static bool take(ax_mutex_t *mutex)
{
	if (ax_mutex_owner(mutex))
		return false;
	set_owner(mutex, axtask_current());
	return true;
}

bool ax_mutex_try_inheriting(ax_mutex_t *mutex)
{
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	bool taken = take(mutex);
	ax_wait_queue_unlock(&mutex->waiters, state);
	return taken;
}

ax_err_t ax_mutex_lock_inheriting(ax_mutex_t *mutex, uint64_t deadline_ns, bool interruptible)
{
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	if (take(mutex)) {
		ax_wait_queue_unlock(&mutex->waiters, state);
		return AX_OK;
	}
	axtask_inherit_lend(axtask_current(), ax_mutex_owner(mutex));
	ax_err_t error = ax_wait_queue_block(&mutex->waiters, deadline_ns, interruptible);
	if (error != AX_OK)
		axtask_inherit_give_up();
	ax_wait_queue_leave(state);
	return error;
}

void ax_mutex_unlock_inheriting(ax_mutex_t *mutex)
{
	ax_thread_t *self = ax_mutex_owner(mutex);
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	ax_thread_t *next = ax_wait_queue_take_highest(&mutex->waiters);
	set_owner(mutex, next);
	if (next)
		axtask_inherit_hand_over(self, next, &mutex->waiters);
	ax_wait_queue_unlock_and_wake(&mutex->waiters, state, next);
}

/* If the mutex is free the first of them has it at once. */
void ax_mutex_requeue_inheriting(ax_mutex_t *mutex, irq_state_t state, ax_thread_t *threads)
{
	spin_raw_lock(&mutex->waiters.lock.raw);
	ax_thread_t *first = ax_mutex_owner(mutex) ? NULL : threads, *rest = threads;
	if (first) {
		rest = ax_wait_queue_cut_taken(first);
		set_owner(mutex, first);
	}
	for (ax_thread_t *thread = rest; thread; thread = ax_wait_queue_next_taken(thread))
		axtask_inherit_lend(thread, ax_mutex_owner(mutex));
	ax_wait_queue_add_taken(&mutex->waiters, rest);
	ax_wait_queue_unlock_and_wake(&mutex->waiters, state, first);
}
