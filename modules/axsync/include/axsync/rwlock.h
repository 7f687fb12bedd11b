/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers-writer lock. A waiting writer holds up new readers, so writers do not starve; a reader must therefore not
 * take it again while it has it. Zero bytes are an unlocked one. Thread context.
 */
#pragma once

#include <axtask/wait_queue.h>

#pragma GCC visibility push(default)

typedef struct ax_rwlock {
	uint32_t readers;        /* who hold it; this and what follows under queue.lock */
	uint32_t writers_waiting;
	ax_thread_t *writer;     /* who holds it */
	ax_wait_queue_t queue;   /* both kinds wait here */
} ax_rwlock_t;

void ax_rwlock_read_lock(ax_rwlock_t *lock);
void ax_rwlock_write_lock(ax_rwlock_t *lock);

/** By a deadline of axhal_now_ns(). @retval AX_ERR_TIMED_OUT  not locked */
ax_err_t ax_rwlock_read_lock_until(ax_rwlock_t *lock, uint64_t deadline_ns);
ax_err_t ax_rwlock_write_lock_until(ax_rwlock_t *lock, uint64_t deadline_ns);

[[nodiscard]] bool ax_rwlock_try_read_lock(ax_rwlock_t *lock);
[[nodiscard]] bool ax_rwlock_try_write_lock(ax_rwlock_t *lock);

/** Release what the caller has, either kind. */
void ax_rwlock_unlock(ax_rwlock_t *lock);

#pragma GCC visibility pop
