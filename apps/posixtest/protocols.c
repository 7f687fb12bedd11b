/* SPDX-License-Identifier: Apache-2.0 */
/* Priority inheritance and ceilings: who has them, what else such mutexes do, and what their owners run at. */
#include "posixtest.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <time.h>

static pthread_mutex_t s_mutex;

static void *is_refused(void *unused)
{
	struct timespec past = { .tv_sec = 1 };
	(void)unused;
	CHECK(pthread_mutex_trylock(&s_mutex) == EBUSY);
	CHECK(pthread_mutex_timedlock(&s_mutex, &past) == ETIMEDOUT);
	return NULL;
}

static void every_type_may_inherit(pthread_mutexattr_t *attr)
{
	static const int types[] = { PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK };
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		pthread_t thread;
		CHECK(pthread_mutexattr_settype(attr, types[i]) == 0);
		CHECK(pthread_mutex_init(&s_mutex, attr) == 0);
		CHECK(pthread_mutex_lock(&s_mutex) == 0);
		if (types[i] == PTHREAD_MUTEX_RECURSIVE)
			CHECK(pthread_mutex_trylock(&s_mutex) == 0 && pthread_mutex_unlock(&s_mutex) == 0);
		if (types[i] == PTHREAD_MUTEX_ERRORCHECK)
			CHECK(pthread_mutex_lock(&s_mutex) == EDEADLK);
		CHECK(pthread_create(&thread, NULL, is_refused, NULL) == 0 && pthread_join(thread, NULL) == 0);
		CHECK(pthread_mutex_unlock(&s_mutex) == 0);
		CHECK(pthread_mutex_trylock(&s_mutex) == 0 && pthread_mutex_unlock(&s_mutex) == 0);
		CHECK(pthread_mutex_destroy(&s_mutex) == 0);
	}
}

#if POSIXTEST_FEATURE_INHERIT

static sem_t s_has_it;
static char s_order[8];
static size_t s_turns;

static void note_turn(char who)
{
	s_order[s_turns++ % sizeof s_order] = who;
}

static void *have_it(void *unused)
{
	CHECK(pthread_mutex_lock(&s_mutex) == 0);
	CHECK(sem_post(&s_has_it) == 0); /* main() goes on */
	note_turn('l');
	CHECK(pthread_mutex_unlock(&s_mutex) == 0);
	return unused;
}

static void *want_it(void *unused)
{
	CHECK(pthread_mutex_lock(&s_mutex) == 0);
	note_turn('h');
	CHECK(pthread_mutex_unlock(&s_mutex) == 0);
	return unused;
}

static void *be_in_the_way(void *unused)
{
	note_turn('m');
	return unused;
}

static pthread_t create_at(int priority, void *(*entry)(void *))
{
	const struct sched_param param = { .sched_priority = priority };
	pthread_attr_t attr;
	pthread_t thread = 0;
	CHECK(pthread_attr_init(&attr) == 0);
	CHECK(pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED) == 0);
	CHECK(pthread_attr_setschedpolicy(&attr, SCHED_FIFO) == 0);
	CHECK(pthread_attr_setschedparam(&attr, &param) == 0);
	CHECK(pthread_create(&thread, &attr, entry, NULL) == 0);
	return thread;
}

/* On one CPU. The middle one would go first if the low one, which has the mutex, were not lent the high one's priority. */
static void owner_inherits(pthread_mutexattr_t *attr)
{
	struct sched_param param = { .sched_priority = 20 };
	CHECK(pthread_mutexattr_settype(attr, PTHREAD_MUTEX_NORMAL) == 0 && pthread_mutex_init(&s_mutex, attr) == 0);
	CHECK(sem_init(&s_has_it, 0, 0) == 0);
	CHECK(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) == 0);
	const pthread_t low = create_at(1, have_it);
	CHECK(sem_wait(&s_has_it) == 0);
	const pthread_t middle = create_at(5, be_in_the_way), high = create_at(9, want_it);
	CHECK(pthread_join(low, NULL) == 0 && pthread_join(middle, NULL) == 0 && pthread_join(high, NULL) == 0);
	CHECK(s_turns == 3 && s_order[0] == 'l' && s_order[1] == 'h' && s_order[2] == 'm');
	param.sched_priority = 0;
	CHECK(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param) == 0);
}

/* What the owner runs at is seen by who else may run: on one CPU, one of a level below the ceiling does not. */
static _Atomic bool s_ran;

static void *run(void *unused)
{
	s_ran = true;
	return unused;
}

static void owner_runs_at_the_ceiling(pthread_mutexattr_t *attr)
{
	struct sched_param param = { .sched_priority = 5 };
	int ceiling = 0;
	CHECK(pthread_mutexattr_setprotocol(attr, PTHREAD_PRIO_PROTECT) == 0);
	CHECK(pthread_mutexattr_setprioceiling(attr, 0) == EINVAL && pthread_mutexattr_setprioceiling(attr, 9) == 0);
	CHECK(pthread_mutexattr_getprioceiling(attr, &ceiling) == 0 && ceiling == 9);
	every_type_may_inherit(attr);
	CHECK(pthread_mutexattr_settype(attr, PTHREAD_MUTEX_NORMAL) == 0 && pthread_mutex_init(&s_mutex, attr) == 0);
	CHECK(pthread_mutex_getprioceiling(&s_mutex, &ceiling) == 0 && ceiling == 9);
	CHECK(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) == 0);
	CHECK(pthread_mutex_lock(&s_mutex) == 0);
	pthread_t higher = create_at(8, run);
	CHECK(!s_ran);
	CHECK(pthread_mutex_unlock(&s_mutex) == 0);
	CHECK(s_ran); /* the end of the ceiling let it run */
	CHECK(pthread_join(higher, NULL) == 0);
	s_ran = false;
	CHECK(pthread_mutex_setprioceiling(&s_mutex, 6, &ceiling) == 0 && ceiling == 9);
	CHECK(pthread_mutex_lock(&s_mutex) == 0);
	higher = create_at(8, run);
	CHECK(s_ran);
	CHECK(pthread_mutex_unlock(&s_mutex) == 0 && pthread_join(higher, NULL) == 0);
	param.sched_priority = 7;
	CHECK(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) == 0);
	CHECK(pthread_mutex_lock(&s_mutex) == EINVAL && pthread_mutex_trylock(&s_mutex) == EINVAL);
	param.sched_priority = 0;
	CHECK(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param) == 0);
	CHECK(pthread_mutex_destroy(&s_mutex) == 0);
}

#endif

void mutex_protocols(void)
{
	pthread_mutexattr_t attr;
	int protocol = -1;
	CHECK(pthread_mutexattr_init(&attr) == 0);
	CHECK(pthread_mutexattr_getprotocol(&attr, &protocol) == 0 && protocol == PTHREAD_PRIO_NONE);
	CHECK(pthread_mutexattr_setprotocol(&attr, 99) == EINVAL);
	const int error = pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	CHECK(error == 0 || (error == ENOTSUP && !POSIXTEST_FEATURE_INHERIT));
	CHECK(pthread_mutexattr_getprotocol(&attr, &protocol) == 0);
	CHECK(protocol == (error ? PTHREAD_PRIO_NONE : PTHREAD_PRIO_INHERIT));
	every_type_may_inherit(&attr);
#if POSIXTEST_FEATURE_INHERIT
	owner_inherits(&attr);
	owner_runs_at_the_ceiling(&attr);
#endif
	CHECK(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_NONE) == 0 && pthread_mutexattr_destroy(&attr) == 0);
}
