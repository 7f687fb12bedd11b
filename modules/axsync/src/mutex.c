/* SPDX-License-Identifier: Apache-2.0 */
/* Mutex: an owner and a queue; hand-over on unlock. */
#include <axsync/mutex.h>

bool ax_mutex_try_lock(ax_mutex_t *mutex)
{
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	bool is_free = !mutex->owner;
	if (is_free)
		mutex->owner = axtask_current();
	ax_wait_queue_unlock(&mutex->waiters, state);
	return is_free;
}

ax_err_t ax_mutex_lock_until(ax_mutex_t *mutex, uint64_t deadline_ns)
{
	ax_thread_t *self = axtask_current();
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	if (likely(!mutex->owner))
		mutex->owner = self;
	else
		error = ax_wait_queue_sleep(&mutex->waiters, deadline_ns); /* woken as the owner */
	ax_wait_queue_unlock(&mutex->waiters, state);
	return error;
}

void ax_mutex_lock(ax_mutex_t *mutex)
{
	ax_err_t never = ax_mutex_lock_until(mutex, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

void ax_mutex_unlock(ax_mutex_t *mutex)
{
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	mutex->owner = ax_wait_queue_wake_one(&mutex->waiters);
	ax_wait_queue_unlock(&mutex->waiters, state);
}
