/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Error-checking mutex: locking it twice, and unlocking what another has, are errors and not deadlocks. Zero bytes are an
 * unlocked one. All else is as the mutex's (mutex.h) that lies in it, which a condition variable takes. Thread context.
 */
#pragma once

#include <axsync/mutex.h>

#pragma GCC visibility push(default)

typedef struct ax_checked_mutex {
	ax_mutex_t mutex;
} ax_checked_mutex_t;

#define AX_CHECKED_MUTEX_INIT { .mutex = AX_MUTEX_INIT }

/** Lock. @retval AX_ERR_DEADLOCK  the caller has it already */
ax_err_t ax_checked_mutex_lock(ax_checked_mutex_t *self);

/** Lock by a deadline of axhal_now_ns(). As above, and: @retval AX_ERR_TIMED_OUT  not locked */
ax_err_t ax_checked_mutex_lock_until(ax_checked_mutex_t *self, uint64_t deadline_ns);

/** As above; axtask_notify() ends the wait too. @retval AX_ERR_INTERRUPTED  notified first: not locked */
ax_err_t ax_checked_mutex_lock_interruptible(ax_checked_mutex_t *self, uint64_t deadline_ns);

/** Lock if nobody has it, the caller included. */
[[nodiscard]] bool ax_checked_mutex_try_lock(ax_checked_mutex_t *self);

/** Unlock. @retval AX_ERR_NOT_PERMITTED  the caller does not have it */
ax_err_t ax_checked_mutex_unlock(ax_checked_mutex_t *self);

static inline void ax_checked_mutex_leave_scope(ax_checked_mutex_t **self)
{
	ax_err_t never = *self ? ax_checked_mutex_unlock(*self) : AX_OK;
	(void)never; /* who leaves the scope has it */
}

/** `AX_CHECKED_MUTEX_SCOPE(scope);` then `error = ax_checked_mutex_enter(&mutex, &scope);`: if that is AX_OK, locked up to
 *  the end of the scope that it stands in, on every path out. */
#define AX_CHECKED_MUTEX_SCOPE(name)                                                               \
	AX_CLEANUP(ax_checked_mutex_leave_scope) ax_checked_mutex_t *name = NULL

static inline ax_err_t ax_checked_mutex_enter(ax_checked_mutex_t *self, ax_checked_mutex_t **scope)
{
	ax_err_t error = ax_checked_mutex_lock(self);
	if (error == AX_OK)
		*scope = self;
	return error;
}

#pragma GCC visibility pop
