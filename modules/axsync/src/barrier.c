/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Barrier: the last to come ends the round for all and wakes them; they return without another look. Each that has
 * returned may destroy it, even before the others have.
 */
#include <axsync/barrier.h>

enum { STRAGGLER_NS = 100000 };

ax_err_t ax_barrier_init(ax_barrier_t *barrier, uint32_t parties)
{
	if (parties == 0 || parties > UINT16_MAX)
		return AX_ERR_INVALID_INPUT;
	*barrier = (ax_barrier_t){ .parties = (uint16_t)parties };
	return AX_OK;
}

/* The last has come. Who has come too, but does not wait, has been interrupted. */
static void end_round(ax_barrier_t *barrier, irq_state_t state)
{
	ax_thread_t *first = ax_wait_queue_take_waiting(&barrier->waiters);
	barrier->stragglers += barrier->parties - 1;
	for (ax_thread_t *thread = first; thread; thread = ax_wait_queue_next_taken(thread))
		barrier->stragglers--;
	barrier->arrived = 0;
	barrier->round++;
	ax_wait_queue_unlock_and_wake(&barrier->waiters, state, first);
}

bool ax_barrier_wait(ax_barrier_t *barrier)
{
	irq_state_t state = ax_wait_queue_lock(&barrier->waiters);
	bool last = ++barrier->arrived == barrier->parties;
	if (last) {
		end_round(barrier, state);
	} else {
		ax_err_t never = ax_wait_queue_unlock_and_sleep(&barrier->waiters, state, AXTASK_FOREVER);
		(void)never; /* without a deadline there is nothing to fail */
	}
	return last;
}

/* The caller's wait was interrupted: it goes away again, unless the round has ended just now. */
static ax_err_t leave(ax_barrier_t *barrier, uint16_t round)
{
	ax_err_t error = AX_OK;
	irq_state_t state = ax_wait_queue_lock(&barrier->waiters);
	if (barrier->round == round) {
		barrier->arrived--;
		error = AX_ERR_INTERRUPTED;
	} else {
		barrier->stragglers--;
	}
	ax_wait_queue_unlock(&barrier->waiters, state);
	return error;
}

ax_err_t ax_barrier_wait_interruptible(ax_barrier_t *barrier, bool *last)
{
	irq_state_t state = ax_wait_queue_lock(&barrier->waiters);
	uint16_t round = barrier->round;
	*last = ++barrier->arrived == barrier->parties;
	if (*last) {
		end_round(barrier, state);
		return AX_OK;
	}
	ax_err_t error = ax_wait_queue_unlock_and_sleep_interruptible(&barrier->waiters, state, AXTASK_FOREVER);
	return error == AX_OK ? AX_OK : leave(barrier, round);
}

void ax_barrier_destroy(ax_barrier_t *barrier)
{
	for (;;) {
		irq_state_t state = ax_wait_queue_lock(&barrier->waiters);
		bool all_left = barrier->stragglers == 0;
		ax_wait_queue_unlock(&barrier->waiters, state);
		if (all_left)
			return;
		axtask_sleep(STRAGGLER_NS); /* a yield would not let one of lower priority run */
	}
}
