/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Barrier: the last to come ends the round for all and wakes them; they return without another look. Each that has
 * returned may destroy it, even before the others have.
 */
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
		ax_wait_queue_unlock_and_wake(&barrier->waiters, state, ax_wait_queue_take_all(&barrier->waiters));
	} else {
		ax_err_t never = ax_wait_queue_unlock_and_sleep(&barrier->waiters, state, AXTASK_FOREVER);
		(void)never; /* without a deadline there is nothing to fail */
	}
	return last;
}
