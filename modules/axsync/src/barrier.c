/* SPDX-License-Identifier: Apache-2.0 */
/* Barrier: the last to come starts the next round and wakes the others. */
#include <axsync/barrier.h>

ax_err_t ax_barrier_init(ax_barrier_t *barrier, uint32_t parties)
{
	if (parties == 0)
		return AX_ERR_INVALID_INPUT;
	*barrier = (ax_barrier_t){ .parties = parties };
	return AX_OK;
}

bool ax_barrier_wait(ax_barrier_t *barrier)
{
	irq_state_t state = ax_wait_queue_lock(&barrier->waiters);
	bool last = ++barrier->arrived == barrier->parties;
	if (last) {
		barrier->arrived = 0;
		barrier->round++;
		ax_wait_queue_wake_all(&barrier->waiters);
	} else {
		uint32_t round = barrier->round;
		while (barrier->round == round) {
			ax_err_t never = ax_wait_queue_sleep(&barrier->waiters, AXTASK_FOREVER);
			(void)never; /* without a deadline there is nothing to fail */
		}
	}
	ax_wait_queue_unlock(&barrier->waiters, state);
	return last;
}
