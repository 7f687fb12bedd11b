/* SPDX-License-Identifier: Apache-2.0 */
/* The names that the loops use, for the native API. */
#pragma once

#include <axstd/axstd.h>

typedef ax_thread_t *bench_thread_t;
typedef ax_mutex_t bench_mutex_t;
typedef ax_condvar_t bench_condvar_t;
typedef ax_semaphore_t bench_semaphore_t;
typedef ax_rwlock_t bench_rwlock_t;
typedef ax_barrier_t bench_barrier_t;

#define bench_alloc ax_alloc
#define bench_free ax_free

static inline void bench_yield(void)
{
	axtask_yield();
}

static inline bool bench_spawn(bench_thread_t *thread, void *(*entry)(void *), void *argument)
{
	return axtask_spawn(NULL, entry, argument, thread) == AX_OK;
}

static inline bool bench_spawn_detached(void *(*entry)(void *), void *argument)
{
	static const ax_thread_attr_t s_detached = { .detached = true };
	return axtask_spawn(&s_detached, entry, argument, NULL) == AX_OK;
}

static inline bool bench_join(bench_thread_t thread)
{
	return axtask_join(thread, NULL) == AX_OK;
}

/* The caller stays on the machine's CPU number @p index. */
static inline bool bench_pin(unsigned index)
{
	return axtask_set_affinity(axtask_current(), UINT64_C(1) << index) == AX_OK;
}

static inline void bench_lock(bench_mutex_t *mutex)
{
	ax_mutex_lock(mutex);
}

static inline void bench_unlock(bench_mutex_t *mutex)
{
	ax_mutex_unlock(mutex);
}

static inline void bench_wait(bench_condvar_t *condvar, bench_mutex_t *mutex)
{
	ax_condvar_wait(condvar, mutex);
}

static inline void bench_signal(bench_condvar_t *condvar)
{
	ax_condvar_signal(condvar);
}

static inline void bench_semaphore_init(bench_semaphore_t *semaphore)
{
	ax_semaphore_init(semaphore, 0);
}

static inline void bench_semaphore_wait(bench_semaphore_t *semaphore)
{
	ax_semaphore_wait(semaphore);
}

static inline void bench_semaphore_post(bench_semaphore_t *semaphore)
{
	ax_err_t error = ax_semaphore_post(semaphore);
	(void)error; /* the count stays below 2 */
}

static inline void bench_read_lock(bench_rwlock_t *lock)
{
	ax_rwlock_read_lock(lock);
}

static inline void bench_read_unlock(bench_rwlock_t *lock)
{
	ax_rwlock_unlock(lock);
}

static inline bool bench_barrier_init(bench_barrier_t *barrier, unsigned parties)
{
	return ax_barrier_init(barrier, parties) == AX_OK;
}

static inline void bench_barrier_wait(bench_barrier_t *barrier)
{
	ax_barrier_wait(barrier);
}
