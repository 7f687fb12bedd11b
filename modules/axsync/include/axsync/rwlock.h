/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers-writer lock. Who waits gets in by turns: a writer, then all readers that have come meanwhile, then a writer. A
 * waiting writer holds up new readers, so a reader must not take it again while it has it. Zero bytes are an
 * unlocked one. Thread context.
 */
#pragma once

#include <axtask/wait_queue.h>
#include <base/base.h>

#pragma GCC visibility push(default)

typedef struct ax_rwlock {
	uintptr_t holder;        /* 0, the writing thread, or a count of readers (rwlock.c); under writers.lock */
	ax_wait_queue_t writers;
	ax_wait_queue_t readers; /* its lock is taken inside the other's */
} ax_rwlock_t;

void ax_rwlock_read_lock(ax_rwlock_t *lock);
void ax_rwlock_write_lock(ax_rwlock_t *lock);

/** By a deadline of axhal_now_ns(). @retval AX_ERR_TIMED_OUT  not locked */
ax_err_t ax_rwlock_read_lock_until(ax_rwlock_t *lock, uint64_t deadline_ns);
ax_err_t ax_rwlock_write_lock_until(ax_rwlock_t *lock, uint64_t deadline_ns);

/** As above; axtask_notify() ends the wait too. @retval AX_ERR_INTERRUPTED  notified first: not locked */
ax_err_t ax_rwlock_read_lock_interruptible(ax_rwlock_t *lock, uint64_t deadline_ns);
ax_err_t ax_rwlock_write_lock_interruptible(ax_rwlock_t *lock, uint64_t deadline_ns);

[[nodiscard]] bool ax_rwlock_try_read_lock(ax_rwlock_t *lock);
[[nodiscard]] bool ax_rwlock_try_write_lock(ax_rwlock_t *lock);

/** Release what the caller has, either kind. */
void ax_rwlock_unlock(ax_rwlock_t *lock);

/** Whether anybody has it: a hint, unless the caller knows that nobody else uses it. */
static inline bool ax_rwlock_is_locked(const ax_rwlock_t *lock)
{
	return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED) != 0;
}

/** Whether the caller has it as a writer. */
static inline bool ax_rwlock_is_mine(const ax_rwlock_t *lock)
{
	return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED) == (uintptr_t)axtask_current();
}

static inline ax_rwlock_t *ax_rwlock_read_lock_scoped(ax_rwlock_t *lock)
{
	ax_rwlock_read_lock(lock);
	return lock;
}

static inline ax_rwlock_t *ax_rwlock_write_lock_scoped(ax_rwlock_t *lock)
{
	ax_rwlock_write_lock(lock);
	return lock;
}

static inline void ax_rwlock_leave_scope(ax_rwlock_t **lock)
{
	ax_rwlock_unlock(*lock);
}

#define AX_RWLOCK_GUARD_(how, lock)                                                                \
	AX_CLEANUP(ax_rwlock_leave_scope)                                                          \
	__attribute__((unused)) ax_rwlock_t *AX_CONCAT(rwlock_guard_, __LINE__) = how(lock)

/** Lock up to the end of the enclosing scope, on every path out. */
#define AX_RWLOCK_READ_GUARD(lock)  AX_RWLOCK_GUARD_(ax_rwlock_read_lock_scoped, lock)
#define AX_RWLOCK_WRITE_GUARD(lock) AX_RWLOCK_GUARD_(ax_rwlock_write_lock_scoped, lock)

#pragma GCC visibility pop
