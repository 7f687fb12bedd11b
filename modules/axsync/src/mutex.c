/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutex: an owner and a queue. Unlocking makes the first waiter the owner, under the queue's lock, and wakes it then:
 * it returns without another look at the mutex. So whoever owns a mutex that nobody waits for may destroy it.
 */
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

static AX_ALWAYS_INLINE ax_err_t lock(ax_mutex_t *mutex, uint64_t deadline_ns, ax_wait_queue_sleep_t *sleep)
{
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	if (unlikely(mutex->owner))
		return sleep(&mutex->waiters, state, deadline_ns); /* woken as the owner */
	mutex->owner = axtask_current();
	ax_wait_queue_unlock(&mutex->waiters, state);
	return AX_OK;
}

ax_err_t ax_mutex_lock_until(ax_mutex_t *mutex, uint64_t deadline_ns)
{
	return lock(mutex, deadline_ns, ax_wait_queue_unlock_and_sleep);
}

ax_err_t ax_mutex_lock_interruptible(ax_mutex_t *mutex, uint64_t deadline_ns)
{
	return lock(mutex, deadline_ns, ax_wait_queue_unlock_and_sleep_interruptible);
}

void ax_mutex_lock(ax_mutex_t *mutex)
{
	ax_err_t never = ax_mutex_lock_until(mutex, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

void ax_mutex_unlock(ax_mutex_t *mutex)
{
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	ax_thread_t *next = ax_wait_queue_take_one(&mutex->waiters);
	mutex->owner = next;
	ax_wait_queue_unlock_and_wake(&mutex->waiters, state, next);
}
