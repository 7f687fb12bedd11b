/* SPDX-License-Identifier: Apache-2.0 */
/* Once: the path taken until the function has run. */
#include <axsync/once.h>

void ax_once_slow(ax_once_t *once, void (*function)(void))
{
	irq_state_t state = ax_wait_queue_lock(&once->waiters);
	if (once->state == 0) {
		once->state = 1;
		ax_wait_queue_unlock(&once->waiters, state);
		function();
		state = ax_wait_queue_lock(&once->waiters);
		once->state = 2;
		ax_wait_queue_wake_all(&once->waiters);
	}
	while (once->state != 2) {
		ax_err_t never = ax_wait_queue_sleep(&once->waiters, AXTASK_FOREVER);
		(void)never; /* without a deadline there is nothing to fail */
	}
	ax_wait_queue_unlock(&once->waiters, state);
}
