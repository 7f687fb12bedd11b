/* SPDX-License-Identifier: Apache-2.0 */
/* Barrier: threads wait until `parties` of them have come; then it serves the next round. Thread context. */
#pragma once

#include <axtask/wait_queue.h>

#pragma GCC visibility push(default)

typedef struct ax_barrier {
	uint32_t parties;
	uint32_t arrived;      /* in this round; under waiters.lock */
	ax_wait_queue_t waiters;
} ax_barrier_t;

/** @retval AX_ERR_INVALID_INPUT  no parties */
ax_err_t ax_barrier_init(ax_barrier_t *barrier, uint32_t parties);

/** Wait for the others. True for exactly one of them a round, the last to come. */
bool ax_barrier_wait(ax_barrier_t *barrier);

#pragma GCC visibility pop
