/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recursive mutex: its owner may lock it again, and others get it when it has been unlocked as often. Zero bytes are an
 * unlocked one. All else is as the mutex's (mutex.h) that lies in it. Thread context.
 *
 * A condition variable waits with `.mutex`: that frees it however often it is locked, so who waits keeps `depth`, makes it 0
 * before the wait, and puts it back after.
 */
#pragma once

#include <axsync/mutex.h>

#pragma GCC visibility push(default)

typedef struct ax_recursive_mutex {
	ax_mutex_t mutex;
	uint32_t depth;     /* locked so many times beyond the first; the owner's */
	uint32_t tag;       /* its user's, for whatever purpose; not looked at */
} ax_recursive_mutex_t;

#define AX_RECURSIVE_MUTEX_INIT { .mutex = AX_MUTEX_INIT }

/** Lock. @retval AX_ERR_OVERFLOW  the caller has it already, and 2^32 times; not locked once more */
ax_err_t ax_recursive_mutex_lock(ax_recursive_mutex_t *self);

/** Lock by a deadline of axhal_now_ns(). As above, and: @retval AX_ERR_TIMED_OUT  not locked */
ax_err_t ax_recursive_mutex_lock_until(ax_recursive_mutex_t *self, uint64_t deadline_ns);

/** As above; axtask_notify() ends the wait too. @retval AX_ERR_INTERRUPTED  notified first: not locked */
ax_err_t ax_recursive_mutex_lock_interruptible(ax_recursive_mutex_t *self, uint64_t deadline_ns);

/** Lock if nobody else has it, and the count allows. */
[[nodiscard]] bool ax_recursive_mutex_try_lock(ax_recursive_mutex_t *self);

/** Undo one locking. @retval AX_ERR_NOT_PERMITTED  the caller does not have it */
ax_err_t ax_recursive_mutex_unlock(ax_recursive_mutex_t *self);

static inline ax_recursive_mutex_t *ax_recursive_mutex_lock_scoped(ax_recursive_mutex_t *self)
{
	return ax_recursive_mutex_lock(self) == AX_OK ? self : NULL; /* the caller has it, if not once more */
}

static inline void ax_recursive_mutex_leave_scope(ax_recursive_mutex_t **self)
{
	ax_err_t never = *self ? ax_recursive_mutex_unlock(*self) : AX_OK;
	(void)never; /* who leaves the scope has it */
}

/** Lock up to the end of the enclosing scope, on every path out. */
#define AX_RECURSIVE_MUTEX_GUARD(mutex)                                                            \
	AX_CLEANUP(ax_recursive_mutex_leave_scope)                                                 \
	__attribute__((unused)) ax_recursive_mutex_t *AX_CONCAT(mutex_guard_, __LINE__) =          \
		ax_recursive_mutex_lock_scoped(mutex)

#pragma GCC visibility pop
