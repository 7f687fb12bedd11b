/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes whose owners die, and waits for a time of a clock that is set meanwhile. */
#include "posixtest.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 10 }; /* locked by one thread: more than are usual */

static pthread_mutex_t s_mutexes[MANY];
static pthread_cond_t s_condvar = PTHREAD_COND_INITIALIZER;

static void init(int type)
{
	pthread_mutexattr_t attr;
	pthread_mutexattr_init(&attr);
	CHECK(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) == 0);
	CHECK(pthread_mutexattr_settype(&attr, type) == 0);
	for (int i = 0; i < MANY; i++)
		CHECK(pthread_mutex_init(&s_mutexes[i], &attr) == 0);
}

/* Ends with all but the first two of them locked. */
static void *die(void *unused)
{
	for (int i = 0; i < MANY; i++)
		CHECK(pthread_mutex_lock(&s_mutexes[i]) == 0);
	CHECK(pthread_mutex_unlock(&s_mutexes[1]) == 0);
	CHECK(pthread_mutex_unlock(&s_mutexes[0]) == 0);
	return unused;
}

static void let_one_die(void)
{
	pthread_t thread;
	CHECK(pthread_create(&thread, NULL, die, NULL) == 0 && pthread_join(thread, NULL) == 0);
}

static void *lock_the_last(void *result)
{
	*(int *)result = pthread_mutex_lock(&s_mutexes[MANY - 1]);
	return NULL;
}

static void of_a_type(int type)
{
	init(type);
	let_one_die();
	CHECK(pthread_mutex_lock(&s_mutexes[0]) == 0 && pthread_mutex_consistent(&s_mutexes[0]) == EINVAL);
	CHECK(pthread_mutex_unlock(&s_mutexes[0]) == 0);
	for (int i = 2; i < MANY; i++)
		CHECK(pthread_mutex_trylock(&s_mutexes[i]) == EOWNERDEAD);
	for (int i = 2; i < MANY - 1; i++) {
		CHECK(pthread_mutex_consistent(&s_mutexes[i]) == 0 && pthread_mutex_unlock(&s_mutexes[i]) == 0);
		CHECK(pthread_mutex_lock(&s_mutexes[i]) == 0 && pthread_mutex_unlock(&s_mutexes[i]) == 0);
	}
	/* One that is unlocked as it was found is of no use any more, also to who waits for it. */
	pthread_t thread;
	int result = 0;
	CHECK(pthread_create(&thread, NULL, lock_the_last, &result) == 0);
	usleep(1000);
	CHECK(pthread_mutex_unlock(&s_mutexes[MANY - 1]) == 0);
	CHECK(pthread_join(thread, NULL) == 0 && result == ENOTRECOVERABLE);
	CHECK(pthread_mutex_trylock(&s_mutexes[MANY - 1]) == ENOTRECOVERABLE);
}

static void *signal_and_die(void *unused)
{
	CHECK(pthread_mutex_lock(&s_mutexes[0]) == 0);
	pthread_cond_signal(&s_condvar);
	return unused;
}

static void through_a_condition_variable(void)
{
	pthread_t thread;
	init(PTHREAD_MUTEX_NORMAL);
	CHECK(pthread_mutex_lock(&s_mutexes[0]) == 0);
	CHECK(pthread_create(&thread, NULL, signal_and_die, NULL) == 0);
	CHECK(pthread_cond_wait(&s_condvar, &s_mutexes[0]) == EOWNERDEAD);
	CHECK(pthread_mutex_consistent(&s_mutexes[0]) == 0 && pthread_mutex_unlock(&s_mutexes[0]) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

void robust_mutexes(void)
{
	pthread_mutex_t stalled = PTHREAD_MUTEX_INITIALIZER;
	CHECK(pthread_mutex_consistent(&stalled) == EINVAL);
	of_a_type(PTHREAD_MUTEX_NORMAL);
	of_a_type(PTHREAD_MUTEX_RECURSIVE);
	of_a_type(PTHREAD_MUTEX_ERRORCHECK);
	through_a_condition_variable();
}

static struct timespec s_later; /* when the waits end */
static sem_t s_semaphore;
static pthread_rwlock_t s_rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t s_plain = PTHREAD_MUTEX_INITIALIZER, s_beside = PTHREAD_MUTEX_INITIALIZER;

static void *by_semaphore(void *unused)
{
	CHECK(sem_timedwait(&s_semaphore, &s_later) == -1 && errno == ETIMEDOUT);
	return unused;
}

static void *by_mutex(void *unused)
{
	CHECK(pthread_mutex_timedlock(&s_plain, &s_later) == ETIMEDOUT);
	return unused;
}

static void *by_rwlock(void *unused)
{
	CHECK(pthread_rwlock_timedwrlock(&s_rwlock, &s_later) == ETIMEDOUT);
	return unused;
}

static void *by_condition_variable(void *unused)
{
	int error;
	pthread_mutex_lock(&s_beside);
	do
		error = pthread_cond_timedwait(&s_condvar, &s_beside, &s_later);
	while (!error);
	pthread_mutex_unlock(&s_beside);
	CHECK(error == ETIMEDOUT);
	return unused;
}

/* They end an hour after the beginning, so they would never if they did not follow. Not for Linux: it is the machine's. */
void waits_follow_their_clock(void)
{
#if __has_include(<posixtest/features.h>)
	static void *(*const ways[])(void *) = { by_semaphore, by_mutex, by_rwlock, by_condition_variable };
	enum { WAYS = sizeof ways / sizeof ways[0], HOUR = 3600 };
	pthread_t threads[WAYS];
	struct timespec now;
	sem_init(&s_semaphore, 0, 0);
	pthread_mutex_lock(&s_plain);
	pthread_rwlock_rdlock(&s_rwlock);
	clock_gettime(CLOCK_REALTIME, &s_later);
	s_later.tv_sec += HOUR;
	for (int i = 0; i < WAYS; i++)
		CHECK(pthread_create(&threads[i], NULL, ways[i], NULL) == 0);
	usleep(1000);
	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec += 2 * HOUR;
	CHECK(clock_settime(CLOCK_REALTIME, &now) == 0);
	for (int i = 0; i < WAYS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec -= 2 * HOUR;
	CHECK(clock_settime(CLOCK_REALTIME, &now) == 0);
	pthread_rwlock_unlock(&s_rwlock);
	pthread_mutex_unlock(&s_plain);
#endif
}
