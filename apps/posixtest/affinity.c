/* SPDX-License-Identifier: Apache-2.0 */
/* The CPUs that threads may run on. */
#define _GNU_SOURCE
#include "posixtest.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include <unistd.h>

static sem_t s_end;

static void *wait_for_end(void *argument)
{
	while (sem_wait(&s_end) != 0)
		;
	return argument;
}

static int first_of(const cpu_set_t *set)
{
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set))
			return cpu;
	return -1;
}

/* The caller to each CPU in turn, and back to all. */
static void oneself(const cpu_set_t *all)
{
	cpu_set_t one, found;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		CHECK(pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0);
		CHECK(pthread_getaffinity_np(pthread_self(), sizeof found, &found) == 0);
		CHECK(CPU_EQUAL(&found, &one));
	}
	CHECK(sched_setaffinity(0, sizeof *all, all) == 0);
}

/* Another thread, which begins with its creator's set. */
static void another(const cpu_set_t *all)
{
	pthread_t thread;
	cpu_set_t one, found;
	CHECK(sem_init(&s_end, 0, 0) == 0);
	CHECK(pthread_create(&thread, NULL, wait_for_end, NULL) == 0);
	CHECK(pthread_getaffinity_np(thread, sizeof found, &found) == 0);
	CHECK(CPU_EQUAL(&found, all));
	CPU_ZERO(&one);
	CPU_SET(first_of(all), &one);
	CHECK(pthread_setaffinity_np(thread, sizeof one, &one) == 0);
	CHECK(pthread_getaffinity_np(thread, sizeof found, &found) == 0);
	CHECK(CPU_EQUAL(&found, &one));
	CHECK(sched_getaffinity(0, sizeof found, &found) == 0);
	CHECK(CPU_EQUAL(&found, all));
	CHECK(sem_post(&s_end) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

void affinity(void)
{
	cpu_set_t all, none;
	CPU_ZERO(&none);
	CHECK(sched_getaffinity(getpid(), sizeof all, &all) == 0);
	CHECK(CPU_COUNT(&all) == sysconf(_SC_NPROCESSORS_ONLN));
	CHECK(sched_setaffinity(0, sizeof none, &none) == -1 && errno == EINVAL);
	CHECK(sched_getaffinity(0, 1, &none) == -1 && errno == EINVAL);
	CHECK(sched_setaffinity(1 << 30, sizeof all, &all) == -1 && errno == ESRCH);
	oneself(&all);
	another(&all);
}
