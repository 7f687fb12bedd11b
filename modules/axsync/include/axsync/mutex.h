/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutex with its wait queue inside: no hash, no look-up. Zero bytes are an unlocked mutex. An unlock with waiters
 * hands the mutex to the one that has waited longest, so nobody starves. Not recursive. Thread context.
 */
#pragma once

#include <axtask/wait_queue.h>
#include <base/base.h>

#pragma GCC visibility push(default)

typedef struct ax_mutex {
	ax_thread_t *owner;      /* NULL: unlocked. Under waiters.lock, and by whoever takes it free */
	ax_wait_queue_t waiters;
} ax_mutex_t;

#define AX_MUTEX_INIT { .owner = NULL }

/** Lock; waits for it. Locking one's own mutex waits for ever, as for any other deadlock. */
void ax_mutex_lock(ax_mutex_t *mutex);

/** Lock by a deadline of axhal_now_ns(). @retval AX_ERR_TIMED_OUT  not locked */
ax_err_t ax_mutex_lock_until(ax_mutex_t *mutex, uint64_t deadline_ns);

/** As above; axtask_notify() ends the wait too. @retval AX_ERR_INTERRUPTED  notified first: not locked */
ax_err_t ax_mutex_lock_interruptible(ax_mutex_t *mutex, uint64_t deadline_ns);

/** Lock if nobody has it. */
[[nodiscard]] bool ax_mutex_try_lock(ax_mutex_t *mutex);

/** Unlock; the caller is the owner. */
void ax_mutex_unlock(ax_mutex_t *mutex);

/** Whether the caller has it. */
static inline bool ax_mutex_is_mine(const ax_mutex_t *mutex)
{
	return mutex->owner == axtask_current();
}

static inline ax_mutex_t *ax_mutex_lock_scoped(ax_mutex_t *mutex)
{
	ax_mutex_lock(mutex);
	return mutex;
}

static inline void ax_mutex_leave_scope(ax_mutex_t **mutex)
{
	ax_mutex_unlock(*mutex);
}

/** Lock up to the end of the enclosing scope, on every path out. */
#define AX_MUTEX_GUARD(mutex)                                                                      \
	AX_CLEANUP(ax_mutex_leave_scope)                                                           \
	__attribute__((unused)) ax_mutex_t *AX_CONCAT(mutex_guard_, __LINE__) = ax_mutex_lock_scoped(mutex)

#pragma GCC visibility pop
