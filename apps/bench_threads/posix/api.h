/* SPDX-License-Identifier: Apache-2.0 */
/* The names that main.c uses, for POSIX threads: in our image and on Linux. */
#pragma once

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>

typedef pthread_t bench_thread_t;
typedef pthread_mutex_t bench_mutex_t;
typedef pthread_cond_t bench_condvar_t;
typedef sem_t bench_semaphore_t;

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
