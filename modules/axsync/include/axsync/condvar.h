/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Condition variable. All who wait at the same time do so with the same mutex. Zero bytes are one that nobody waits for.
 * It may be destroyed once all who wait have been signalled, even if they have not returned yet. Thread context.
 */
#pragma once

#include <axsync/features.h>
#include <axsync/mutex.h>

#pragma GCC visibility push(default)

typedef struct ax_condvar {
	ax_wait_queue_t waiters;
#if AXSYNC_FEATURE_SMP
	ax_mutex_t *mutex; /* of who waits; under waiters.lock */
#endif
} ax_condvar_t;

#define AX_CONDVAR_INIT { .waiters = { .first = NULL } }

/** Unlock @p mutex, sleep until signalled, lock it again. The caller has it locked. No spurious wake-up of our own,
 *  but the condition must be checked again all the same: another thread may have been quicker. */
void ax_condvar_wait(ax_condvar_t *condvar, ax_mutex_t *mutex);

/** As above, by a deadline of axhal_now_ns(). @retval AX_ERR_TIMED_OUT  the mutex is locked again all the same */
ax_err_t ax_condvar_wait_until(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns);

/**
 * As above; axtask_notify() ends the wait too. After an error the mutex is not locked again: whatever the notice is for can
 * be done without it.
 * @retval AX_ERR_TIMED_OUT    the deadline came first
 * @retval AX_ERR_INTERRUPTED  the caller was notified first
 */
ax_err_t ax_condvar_wait_interruptible(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns);

/** Wake the one that has waited longest. Also from interrupt handlers. */
void ax_condvar_signal(ax_condvar_t *condvar);

/** Wake all. Also from interrupt handlers. */
void ax_condvar_broadcast(ax_condvar_t *condvar);

#pragma GCC visibility pop
