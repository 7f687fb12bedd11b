/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Condition variable: who waits is in its queue before the mutex is free, so no signal is missed. Nobody touches it after
 * having been woken or having woken, so it may be destroyed once all who waited have been.
 */
#include "requeue.h"

static void unlock_mutex(void *mutex)
{
	ax_mutex_unlock(mutex);
}

/* Ends with the mutex locked, unless there is an error. */
static AX_ALWAYS_INLINE ax_err_t wait_until(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns,
					    bool interruptible)
{
	irq_state_t state = ax_wait_queue_lock(&condvar->waiters);
	condvar_set_mutex(condvar, mutex);
	ax_err_t error = ax_wait_queue_do_and_block(&condvar->waiters, unlock_mutex, mutex, deadline_ns, interruptible);
	ax_wait_queue_leave(state);
	if (likely(error == AX_OK))
		condvar_lock_mutex(mutex);
	return error;
}

ax_err_t ax_condvar_wait_until(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns)
{
	ax_err_t error = wait_until(condvar, mutex, deadline_ns, false);
	if (error != AX_OK)
		ax_mutex_lock(mutex);
	return error;
}

ax_err_t ax_condvar_wait_interruptible(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns)
{
	return wait_until(condvar, mutex, deadline_ns, true);
}

void ax_condvar_wait(ax_condvar_t *condvar, ax_mutex_t *mutex)
{
	ax_err_t never = ax_condvar_wait_until(condvar, mutex, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

void ax_condvar_signal(ax_condvar_t *condvar)
{
	irq_state_t state = ax_wait_queue_lock(&condvar->waiters);
	condvar_unlock_and_wake(condvar, state, ax_wait_queue_take_one(&condvar->waiters));
}

void ax_condvar_broadcast(ax_condvar_t *condvar)
{
	irq_state_t state = ax_wait_queue_lock(&condvar->waiters);
	condvar_unlock_and_wake(condvar, state, ax_wait_queue_take_all(&condvar->waiters));
}
