/* SPDX-License-Identifier: Apache-2.0 */
/* Many threads at once, and many one after the other. */
#include "threadstress.h"

enum { SMALL_STACK_BYTES = 8192, CREATORS = 4 };

static ax_semaphore_t s_arrived;
static ax_event_t s_leave;
static ax_mutex_t s_mutex;
static uint64_t s_sum; /* s_mutex */

static void *be_there(void *number)
{
	MUST(ax_semaphore_post(&s_arrived) == AX_OK);
	ax_event_wait(&s_leave);
	AX_MUTEX_GUARD(&s_mutex);
	s_sum += (uintptr_t)number;
	return number;
}

bool many_live_at_once(const stress_t *stress)
{
	const uint64_t failed_before = failures();
	const ax_thread_attr_t attr = { .stack_bytes = SMALL_STACK_BYTES };
	AX_SCOPED_MEMORY ax_thread_t **threads = ax_alloc(stress->alive * sizeof(ax_thread_t *));
	uint64_t made = 0;
	MUST(threads);
	ax_semaphore_init(&s_arrived, 0);
	ax_event_clear(&s_leave);
	while (threads && made < stress->alive &&
	       axtask_spawn(&attr, be_there, (void *)(uintptr_t)made, &threads[made]) == AX_OK)
		made++;
	for (uint64_t i = 0; i < made; i++)
		ax_semaphore_wait(&s_arrived);
	MUST(made == stress->alive);
	MUST(axtask_count() == made + 1 && axtask_living() == made + 1);
	ax_event_set(&s_leave);
	for (uint64_t i = 0; i < made; i++) {
		void *result;
		MUST(ax_thread_join(threads[i], &result) == AX_OK && result == (void *)(uintptr_t)i);
	}
	MUST(!made || s_sum == made * (made - 1) / 2);
	MUST(axtask_count() == 1);
	const bool holds = failures() == failed_before;
	ax_print("%llu threads alive at once: %s\n", (unsigned long long)made, holds ? "holds" : "does not hold");
	return holds;
}

typedef struct creator {
	uint64_t count, random;
	_Atomic uint64_t detached_ran;
} creator_t;

static void *twice(void *number)
{
	return (void *)((uintptr_t)number * 2);
}

static void *count_oneself(void *counter)
{
	++*(_Atomic uint64_t *)counter;
	return NULL;
}

/* Mostly joined, some detached, some with a stack of another size. */
static void *create(void *argument)
{
	creator_t *self = argument;
	uint64_t detached = 0;
	for (uint64_t i = 0; i < self->count; i++) {
		ax_thread_attr_t attr = { .stack_bytes = random_below(&self->random, 32) ? 0 : SMALL_STACK_BYTES };
		ax_thread_t *thread;
		void *result;
		if (random_below(&self->random, 16) == 0) {
			attr.detached = true;
			MUST(axtask_spawn(&attr, count_oneself, &self->detached_ran, NULL) == AX_OK);
			detached++;
			if (detached % 64 == 0) /* they need a CPU as well */
				while (self->detached_ran < detached)
					ax_thread_yield();
			continue;
		}
		MUST(axtask_spawn(&attr, twice, (void *)(uintptr_t)i, &thread) == AX_OK);
		MUST(ax_thread_join(thread, &result) == AX_OK && result == (void *)(uintptr_t)(2 * i));
	}
	while (self->detached_ran < detached)
		ax_sleep_ns(100000);
	return NULL;
}

bool many_come_and_go(const stress_t *stress)
{
	static creator_t s_creators[CREATORS];
	const uint64_t failed_before = failures();
	ax_thread_t *threads[CREATORS];
	for (size_t i = 0; i < CREATORS; i++) {
		s_creators[i].count = stress->created / CREATORS;
		s_creators[i].random = random_start(stress->seed, i);
		MUST(ax_thread_spawn(create, &s_creators[i], &threads[i]) == AX_OK);
	}
	for (size_t i = 0; i < CREATORS; i++)
		MUST(ax_thread_join(threads[i], NULL) == AX_OK);
	while (axtask_count() > 1) /* the last detached ones have run, but may not have left */
		ax_sleep_ns(100000);
	const bool holds = failures() == failed_before;
	ax_print("%llu threads created and joined by %d: %s\n",
		 (unsigned long long)(stress->created / CREATORS * CREATORS), CREATORS,
		 holds ? "holds" : "does not hold");
	return holds;
}
