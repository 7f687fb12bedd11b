/* SPDX-License-Identifier: Apache-2.0 */
/* Threads without locks: life, end, sleep. */
#include "threadtest.h"

static void *twice(void *argument)
{
	return (void *)((uintptr_t)argument * 2);
}

const char *join_gives_the_result(void)
{
	ax_thread_t *thread;
	void *result;
	REQUIRE(ax_thread_spawn(twice, (void *)21, &thread) == AX_OK);
	REQUIRE(ax_thread_join(thread, &result) == AX_OK);
	REQUIRE(result == (void *)42);
	return NULL;
}

static void *sleep_a_little(void *argument)
{
	ax_sleep_ns(2000000);
	return argument;
}

const char *join_refuses_oneself_and_the_detached(void)
{
	ax_thread_t *thread;
	REQUIRE(ax_thread_join(axtask_current(), NULL) == AX_ERR_DEADLOCK);
	REQUIRE(ax_thread_spawn(sleep_a_little, NULL, &thread) == AX_OK);
	REQUIRE(axtask_detach(thread) == AX_OK);
	REQUIRE(ax_thread_join(thread, NULL) == AX_ERR_INVALID_INPUT);
	REQUIRE(axtask_detach(thread) == AX_ERR_INVALID_INPUT);
	while (axtask_count() > 1)
		ax_sleep_ns(1000000);
	return NULL;
}

const char *detached_threads_release_themselves(void)
{
	for (int i = 0; i < 100; i++)
		REQUIRE(axtask_spawn(&(ax_thread_attr_t){ .detached = true }, twice, NULL, NULL) == AX_OK);
	while (axtask_count() > 1)
		ax_thread_yield();
	return NULL;
}

enum { SLEEPERS = 5 };
static uint64_t s_start_ns, s_woken_ns[SLEEPERS];

static void *sleeper(void *number)
{
	axtask_sleep_until(s_start_ns + (SLEEPERS - (uintptr_t)number) * 3000000); /* the first sleeps longest */
	s_woken_ns[(uintptr_t)number] = ax_now_ns();
	return NULL;
}

const char *sleepers_wake_after_their_deadlines(void)
{
	s_start_ns = ax_now_ns();
	REQUIRE(run_threads(SLEEPERS, sleeper));
	for (unsigned i = 0; i < SLEEPERS; i++)
		REQUIRE(s_woken_ns[i] >= s_start_ns + (SLEEPERS - i) * 3000000);
	return NULL;
}

const char *ten_thousand_threads_come_and_go(void)
{
	/* One that has just ended elsewhere may not have given its memory back yet. */
	const size_t few_pages = 4 * (65536 / 4096 + 1);
	const size_t free_before = axalloc_stats().free_pages;
	for (uintptr_t i = 0; i < 10000; i++) {
		ax_thread_t *thread;
		void *result;
		REQUIRE(ax_thread_spawn(twice, (void *)i, &thread) == AX_OK);
		REQUIRE(ax_thread_join(thread, &result) == AX_OK && result == (void *)(2 * i));
	}
	REQUIRE(axalloc_stats().free_pages + few_pages >= free_before);
	REQUIRE(axtask_count() == 1);
	return NULL;
}

static ax_semaphore_t s_go;

static void *wait_to_go(void *argument)
{
	ax_semaphore_wait(&s_go);
	return argument;
}

const char *a_thousand_threads_live_at_once(void)
{
	enum { MANY = 1000 };
	static ax_thread_t *s_threads[MANY];
	ax_thread_attr_t attr = { .stack_bytes = 16384 };
	for (size_t i = 0; i < MANY; i++)
		REQUIRE(axtask_spawn(&attr, wait_to_go, (void *)i, &s_threads[i]) == AX_OK);
	REQUIRE(axtask_count() == MANY + 1);
	for (size_t i = 0; i < MANY; i++)
		REQUIRE(ax_semaphore_post(&s_go) == AX_OK);
	for (size_t i = 0; i < MANY; i++) {
		void *result;
		REQUIRE(ax_thread_join(s_threads[i], &result) == AX_OK && result == (void *)i);
	}
	REQUIRE(axtask_count() == 1);
	return NULL;
}
