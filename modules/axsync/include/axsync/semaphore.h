/* SPDX-License-Identifier: Apache-2.0 */
/* Counting semaphore. Zero bytes are one with count 0. */
#pragma once

#include <axtask/wait_queue.h>
#include <base/base.h>

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

static inline ax_semaphore_t *ax_semaphore_wait_scoped(ax_semaphore_t *semaphore)
{
	ax_semaphore_wait(semaphore);
	return semaphore;
}

static inline void ax_semaphore_leave_scope(ax_semaphore_t **semaphore)
{
	ax_err_t never = ax_semaphore_post(*semaphore);
	(void)never; /* there is room for what was taken, unless others have given what they had not */
}

/** Take a unit, and give it back at the end of the enclosing scope, on every path out. Thread context. */
#define AX_SEMAPHORE_GUARD(semaphore)                                                              \
	AX_CLEANUP(ax_semaphore_leave_scope)                                                       \
	__attribute__((unused)) ax_semaphore_t *AX_CONCAT(semaphore_guard_, __LINE__) =            \
		ax_semaphore_wait_scoped(semaphore)

#pragma GCC visibility pop
