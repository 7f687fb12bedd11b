/* SPDX-License-Identifier: Apache-2.0 */
/* Once: the path taken until the function has run. */
#include <axsync/once.h>

void ax_once_slow(ax_once_t *once, void (*function)(void))
{
	irq_state_t state = ax_wait_queue_lock(&once->waiters);
	switch (atomic_load_explicit(&once->state, memory_order_relaxed)) {
	case AX_ONCE_NOT_YET:
		atomic_store_explicit(&once->state, AX_ONCE_RUNNING, memory_order_relaxed);
		ax_wait_queue_unlock(&once->waiters, state);
		function();
		state = ax_wait_queue_lock(&once->waiters);
		atomic_store_explicit(&once->state, AX_ONCE_DONE, memory_order_release);
		ax_wait_queue_unlock_and_wake(&once->waiters, state, ax_wait_queue_take_all(&once->waiters));
		break;
	case AX_ONCE_RUNNING: {
		ax_err_t never = ax_wait_queue_unlock_and_sleep(&once->waiters, state, AXTASK_FOREVER);
		(void)never; /* without a deadline there is nothing to fail */
		break;
	}
	default:
		ax_wait_queue_unlock(&once->waiters, state);
	}
}
