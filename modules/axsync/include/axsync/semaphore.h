/* SPDX-License-Identifier: Apache-2.0 */
/* Counting semaphore. Zero bytes are one with count 0. */
#pragma once

#include <axtask/wait_queue.h>

#pragma GCC visibility push(default)

typedef struct ax_semaphore {
	uint32_t count; /* under waiters.lock */
	ax_wait_queue_t waiters;
} ax_semaphore_t;

/** A semaphore with @p count units; over whatever was there. */
void ax_semaphore_init(ax_semaphore_t *semaphore, uint32_t count);

/** Take a unit; waits for one. Thread context. */
void ax_semaphore_wait(ax_semaphore_t *semaphore);

/** Take a unit by a deadline of axhal_now_ns(). @retval AX_ERR_TIMED_OUT  none came */
ax_err_t ax_semaphore_wait_until(ax_semaphore_t *semaphore, uint64_t deadline_ns);

/** As above; axtask_notify() ends the wait too. @retval AX_ERR_INTERRUPTED  notified first */
ax_err_t ax_semaphore_wait_interruptible(ax_semaphore_t *semaphore, uint64_t deadline_ns);

/** Take a unit if there is one. Any context. */
[[nodiscard]] bool ax_semaphore_try_wait(ax_semaphore_t *semaphore);

/** Give a unit; to a waiter if there is one. Any context. @retval AX_ERR_OVERFLOW  the count is UINT32_MAX */
ax_err_t ax_semaphore_post(ax_semaphore_t *semaphore);

/** Units now. */
uint32_t ax_semaphore_value(ax_semaphore_t *semaphore);

#pragma GCC visibility pop
