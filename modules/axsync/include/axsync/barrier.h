/* SPDX-License-Identifier: Apache-2.0 */
/* Barrier: threads wait until `parties` of them have come; then it serves the next round. Thread context. */
#pragma once

#include <axtask/wait_queue.h>

#pragma GCC visibility push(default)

typedef struct ax_barrier {
	uint16_t parties;
	uint16_t arrived;      /* in this round; this and what follows: waiters.lock */
	uint16_t round;
	uint16_t stragglers;   /* whose wait was interrupted just before its round ended, and who do not know of that yet */
	ax_wait_queue_t waiters;
} ax_barrier_t;

/** @retval AX_ERR_INVALID_INPUT  no parties, or more than 65535 */
ax_err_t ax_barrier_init(ax_barrier_t *barrier, uint32_t parties);

/** Wait for the others. True for exactly one of them a round, the last to come. */
bool ax_barrier_wait(ax_barrier_t *barrier);

/**
 * As above, but axtask_notify() ends it too: then the caller counts as not having come, and should come again.
 * @param last  true for exactly one of them a round
 * @retval AX_ERR_INTERRUPTED  notified first
 */
ax_err_t ax_barrier_wait_interruptible(ax_barrier_t *barrier, bool *last);

/** Before the memory is used for something else, if ax_barrier_wait_interruptible() has been: waits until those whose
 *  wait has ended have left. */
void ax_barrier_destroy(ax_barrier_t *barrier);

#pragma GCC visibility pop
