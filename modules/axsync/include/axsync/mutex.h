/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutex with its wait queue inside: no hash, no look-up. Zero bytes are an unlocked mutex. Not recursive. Thread context.
 *
 * Nobody starves. On one CPU an unlock with waiters hands the mutex to the one that has waited longest. On several, a
 * thread that finds it locked spins as long as the owner runs, then sleeps; an unlock wakes the one that has waited
 * longest, others may be quicker meanwhile, but if so the next unlock hands it to that one. A mutex may be destroyed once
 * it is unlocked and nobody waits for it, by its last owner even before another thread's unlock has returned.
 *
 * A mutex that is made by AX_MUTEX_INIT_INHERITING also inherits priorities, in images with feature `inherit`: its owner
 * runs at least at the highest level of those who wait for it, and of those who wait for what these have, and so on; and
 * an unlock hands over to the highest, of equals to the one that has waited longest. It costs every lock and unlock a
 * look at the queue; other mutexes are as they are without the feature.
 */
#pragma once

#include <axsync/features.h>
#include <axtask/wait_queue.h>
#include <base/base.h>

#pragma GCC visibility push(default)

typedef struct ax_mutex {
	uintptr_t owner;         /* the thread, and flags below AX_MUTEX_FLAGS (mutex_smp.h); 0: unlocked */
	ax_wait_queue_t waiters;
} ax_mutex_t;

enum { AX_MUTEX_INHERITS = AXSYNC_FEATURE_INHERIT ? 8 : 0, AX_MUTEX_FLAGS = 7 | AX_MUTEX_INHERITS };

#define AX_MUTEX_INIT		 { .owner = 0 }
#define AX_MUTEX_INIT_INHERITING { .owner = AX_MUTEX_INHERITS }

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

/** Who has it, or NULL: a hint, unless that is the caller. */
static inline ax_thread_t *ax_mutex_owner(const ax_mutex_t *mutex)
{
	return (ax_thread_t *)(__atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) & ~(uintptr_t)AX_MUTEX_FLAGS);
}

/** Whether the caller has it. */
static inline bool ax_mutex_is_mine(const ax_mutex_t *mutex)
{
	return ax_mutex_owner(mutex) == axtask_current();
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
