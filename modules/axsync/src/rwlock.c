/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers-writer lock. Waiters of both kinds share a queue and look at the state again when woken: whoever changes
 * it so that others may pass wakes all.
 */
#include <axsync/rwlock.h>

static bool may_read(const ax_rwlock_t *lock)
{
	return !lock->writer && lock->writers_waiting == 0;
}

static bool may_write(const ax_rwlock_t *lock)
{
	return !lock->writer && lock->readers == 0;
}

ax_err_t ax_rwlock_read_lock_until(ax_rwlock_t *lock, uint64_t deadline_ns)
{
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&lock->queue);
	while (!may_read(lock) && error == AX_OK)
		error = ax_wait_queue_sleep(&lock->queue, deadline_ns);
	if (error == AX_OK)
		lock->readers++;
	ax_wait_queue_unlock(&lock->queue, state);
	return error;
}

ax_err_t ax_rwlock_write_lock_until(ax_rwlock_t *lock, uint64_t deadline_ns)
{
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&lock->queue);
	lock->writers_waiting++;
	while (!may_write(lock) && error == AX_OK)
		error = ax_wait_queue_sleep(&lock->queue, deadline_ns);
	lock->writers_waiting--;
	if (error == AX_OK)
		lock->writer = axtask_current();
	else
		ax_wait_queue_wake_all(&lock->queue); /* readers that this writer held up */
	ax_wait_queue_unlock(&lock->queue, state);
	return error;
}

void ax_rwlock_read_lock(ax_rwlock_t *lock)
{
	ax_err_t never = ax_rwlock_read_lock_until(lock, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

void ax_rwlock_write_lock(ax_rwlock_t *lock)
{
	ax_err_t never = ax_rwlock_write_lock_until(lock, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

bool ax_rwlock_try_read_lock(ax_rwlock_t *lock)
{
	irq_state_t state = ax_wait_queue_lock(&lock->queue);
	bool locked = may_read(lock);
	if (locked)
		lock->readers++;
	ax_wait_queue_unlock(&lock->queue, state);
	return locked;
}

bool ax_rwlock_try_write_lock(ax_rwlock_t *lock)
{
	irq_state_t state = ax_wait_queue_lock(&lock->queue);
	bool locked = may_write(lock);
	if (locked)
		lock->writer = axtask_current();
	ax_wait_queue_unlock(&lock->queue, state);
	return locked;
}

void ax_rwlock_unlock(ax_rwlock_t *lock)
{
	irq_state_t state = ax_wait_queue_lock(&lock->queue);
	if (lock->writer)
		lock->writer = NULL;
	else
		lock->readers--;
	if (lock->readers == 0)
		ax_wait_queue_wake_all(&lock->queue);
	ax_wait_queue_unlock(&lock->queue, state);
}
