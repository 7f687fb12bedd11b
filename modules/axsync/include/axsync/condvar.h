/* SPDX-License-Identifier: Apache-2.0 */
/* Condition variable, used with a mutex. Zero bytes are one that nobody waits for. Thread context. */
#pragma once

#include <axsync/mutex.h>

#pragma GCC visibility push(default)

typedef struct ax_condvar {
	ax_wait_queue_t waiters;
} ax_condvar_t;

#define AX_CONDVAR_INIT { .waiters = { .first = NULL } }

/** Unlock @p mutex, sleep until signalled, lock it again. The caller has it locked. No spurious wake-up of our own,
 *  but the condition must be checked again all the same: another thread may have been quicker. */
void ax_condvar_wait(ax_condvar_t *condvar, ax_mutex_t *mutex);

/** As above, by a deadline of axhal_now_ns(). @retval AX_ERR_TIMED_OUT  the mutex is locked again all the same */
ax_err_t ax_condvar_wait_until(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns);

/** As above; axtask_notify() ends the wait too, and the mutex is not locked again, whatever ends it.
 *  @retval AX_ERR_TIMED_OUT  the deadline came first  @retval AX_ERR_INTERRUPTED  the caller was notified first */
ax_err_t ax_condvar_unlock_and_sleep_interruptible(ax_condvar_t *condvar, ax_mutex_t *mutex, uint64_t deadline_ns);

/** Wake the one that has waited longest. Also from interrupt handlers. */
void ax_condvar_signal(ax_condvar_t *condvar);

/** Wake all. Also from interrupt handlers. */
void ax_condvar_broadcast(ax_condvar_t *condvar);

#pragma GCC visibility pop
