/* SPDX-License-Identifier: Apache-2.0 */
/* The names that the loops use, for POSIX threads: in our image and on Linux. First of all headers. */
#pragma once

#define _GNU_SOURCE /* affinity */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

typedef pthread_t bench_thread_t;
typedef pthread_mutex_t bench_mutex_t;
typedef pthread_cond_t bench_condvar_t;
typedef sem_t bench_semaphore_t;
typedef pthread_rwlock_t bench_rwlock_t;
typedef pthread_barrier_t bench_barrier_t;

#define bench_alloc malloc
#define bench_free free

static inline void bench_yield(void)
{
	sched_yield();
}

static inline bool bench_spawn(bench_thread_t *thread, void *(*entry)(void *), void *argument)
{
	return pthread_create(thread, NULL, entry, argument) == 0;
}

static inline bool bench_spawn_detached(void *(*entry)(void *), void *argument)
{
	pthread_t thread;
	return pthread_create(&thread, NULL, entry, argument) == 0 && pthread_detach(thread) == 0;
}

static inline bool bench_join(bench_thread_t thread)
{
	return pthread_join(thread, NULL) == 0;
}

/* The caller stays on the CPU that is number @p index of those that the first thread, which is never pinned, may use. */
static inline bool bench_pin(unsigned index)
{
	cpu_set_t all, one;
	if (sched_getaffinity(getpid(), sizeof all, &all) < 0)
		return false;
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all) || index-- > 0)
			continue;
		CPU_SET(cpu, &one);
		return pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0;
	}
	return false;
}

static inline void bench_lock(bench_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
}

static inline void bench_unlock(bench_mutex_t *mutex)
{
	pthread_mutex_unlock(mutex);
}

static inline void bench_wait(bench_condvar_t *condvar, bench_mutex_t *mutex)
{
	pthread_cond_wait(condvar, mutex);
}

static inline void bench_signal(bench_condvar_t *condvar)
{
	pthread_cond_signal(condvar);
}

static inline void bench_semaphore_init(bench_semaphore_t *semaphore)
{
	sem_init(semaphore, 0, 0);
}

static inline void bench_semaphore_wait(bench_semaphore_t *semaphore)
{
	sem_wait(semaphore);
}

static inline void bench_semaphore_post(bench_semaphore_t *semaphore)
{
	sem_post(semaphore);
}

static inline void bench_read_lock(bench_rwlock_t *lock)
{
	pthread_rwlock_rdlock(lock);
}

static inline void bench_read_unlock(bench_rwlock_t *lock)
{
	pthread_rwlock_unlock(lock);
}

static inline bool bench_barrier_init(bench_barrier_t *barrier, unsigned parties)
{
	return pthread_barrier_init(barrier, NULL, parties) == 0;
}

static inline void bench_barrier_wait(bench_barrier_t *barrier)
{
	pthread_barrier_wait(barrier);
}
