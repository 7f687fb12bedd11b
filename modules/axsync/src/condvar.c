/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Condition variable: its queue's lock is held from before the mutex is free until the caller sleeps. Nobody touches it
 * after having been woken or having woken, so it may be destroyed once all who waited have been.
 */
#include <axsync/condvar.h>

ax_err_t ax_condvar_wait_until(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns)
{
	irq_state_t state = ax_wait_queue_lock(&condvar->waiters);
	ax_mutex_unlock(mutex);
	ax_err_t error = ax_wait_queue_unlock_and_sleep(&condvar->waiters, state, deadline_ns);
	ax_mutex_lock(mutex);
	return error;
}

ax_err_t ax_condvar_unlock_and_sleep_interruptible(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns)
{
	irq_state_t state = ax_wait_queue_lock(&condvar->waiters);
	ax_mutex_unlock(mutex);
	return ax_wait_queue_unlock_and_sleep_interruptible(&condvar->waiters, state, deadline_ns);
}

void ax_condvar_wait(ax_condvar_t *condvar, ax_mutex_t *mutex)
{
	ax_err_t never = ax_condvar_wait_until(condvar, mutex, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

void ax_condvar_signal(ax_condvar_t *condvar)
{
	irq_state_t state = ax_wait_queue_lock(&condvar->waiters);
	ax_wait_queue_unlock_and_wake(&condvar->waiters, state, ax_wait_queue_take_one(&condvar->waiters));
}

void ax_condvar_broadcast(ax_condvar_t *condvar)
{
	irq_state_t state = ax_wait_queue_lock(&condvar->waiters);
	ax_wait_queue_unlock_and_wake(&condvar->waiters, state, ax_wait_queue_take_all(&condvar->waiters));
}
