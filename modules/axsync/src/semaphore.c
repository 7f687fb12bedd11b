/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Semaphore: a unit given while someone waits goes to that thread and never shows in the count. The thread returns with
 * it without another look, so it may destroy the semaphore.
 */
#include <axsync/semaphore.h>

void ax_semaphore_init(ax_semaphore_t *semaphore, uint32_t count)
{
	*semaphore = (ax_semaphore_t){ .count = count };
}

bool ax_semaphore_try_wait(ax_semaphore_t *semaphore)
{
	irq_state_t state = ax_wait_queue_lock(&semaphore->waiters);
	bool taken = semaphore->count > 0;
	if (taken)
		semaphore->count--;
	ax_wait_queue_unlock(&semaphore->waiters, state);
	return taken;
}

static AX_ALWAYS_INLINE ax_err_t wait(ax_semaphore_t *semaphore, uint64_t deadline_ns, ax_wait_queue_sleep_t *sleep)
{
	irq_state_t state = ax_wait_queue_lock(&semaphore->waiters);
	if (semaphore->count == 0)
		return sleep(&semaphore->waiters, state, deadline_ns); /* woken with a unit */
	semaphore->count--;
	ax_wait_queue_unlock(&semaphore->waiters, state);
	return AX_OK;
}

ax_err_t ax_semaphore_wait_until(ax_semaphore_t *semaphore, uint64_t deadline_ns)
{
	return wait(semaphore, deadline_ns, ax_wait_queue_unlock_and_sleep);
}

ax_err_t ax_semaphore_wait_interruptible(ax_semaphore_t *semaphore, uint64_t deadline_ns)
{
	return wait(semaphore, deadline_ns, ax_wait_queue_unlock_and_sleep_interruptible);
}

void ax_semaphore_wait(ax_semaphore_t *semaphore)
{
	ax_err_t never = ax_semaphore_wait_until(semaphore, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}

ax_err_t ax_semaphore_post(ax_semaphore_t *semaphore)
{
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&semaphore->waiters);
	ax_thread_t *thread = ax_wait_queue_take_one(&semaphore->waiters);
	if (!thread && semaphore->count == UINT32_MAX)
		error = AX_ERR_OVERFLOW;
	else if (!thread)
		semaphore->count++;
	ax_wait_queue_unlock_and_wake(&semaphore->waiters, state, thread);
	return error;
}

uint32_t ax_semaphore_value(ax_semaphore_t *semaphore)
{
	irq_state_t state = ax_wait_queue_lock(&semaphore->waiters);
	uint32_t count = semaphore->count;
	ax_wait_queue_unlock(&semaphore->waiters, state);
	return count;
}
