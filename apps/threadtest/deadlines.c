/* SPDX-License-Identifier: Apache-2.0 */
/* What earliest deadline first promises. main() has no deadline but where a check gives it one. */
#include "threadtest.h"

enum { SHORT_NS = 2000000, SECOND_NS = 1000000000, PATIENCE_SECONDS = 20 };

static _Atomic bool s_woken, s_stop;
static _Atomic uint64_t s_wake_ups;

static void *wake_once([[maybe_unused]] void *argument)
{
	ax_err_t error = axtask_set_deadline(axtask_current(), SHORT_NS);
	ax_sleep_ns(SHORT_NS);
	s_woken = true;
	return (void *)(uintptr_t)error;
}

const char *a_deadline_preempts_a_spinning_thread(void)
{
	ax_thread_t *thread;
	void *error;
	REQUIRE(ax_thread_spawn(wake_once, NULL, &thread) == AX_OK);
	ax_thread_yield(); /* it goes to sleep */
	uint64_t start_ns = ax_now_ns();
	while (!s_woken)
		REQUIRE(ax_now_ns() < start_ns + (uint64_t)PATIENCE_SECONDS * SECOND_NS);
	REQUIRE(ax_thread_join(thread, &error) == AX_OK && error == (void *)AX_OK);
	return NULL;
}

static void *wake_often([[maybe_unused]] void *argument)
{
	ax_err_t error = axtask_set_deadline(axtask_current(), SHORT_NS);
	while (!s_stop) {
		ax_sleep_ns(SHORT_NS / 4);
		s_wake_ups++;
	}
	return (void *)(uintptr_t)error;
}

const char *a_thread_preempted_by_deadlines_keeps_its_registers(void)
{
	ax_thread_t *thread;
	REQUIRE(ax_thread_spawn(wake_often, NULL, &thread) == AX_OK);
	ax_thread_yield();
	const char *problem = a_preempted_thread_keeps_its_registers();
	uint64_t wake_ups = s_wake_ups;
	s_stop = true;
	REQUIRE(ax_thread_join(thread, NULL) == AX_OK);
	REQUIRE(wake_ups > 0);
	return problem;
}

/* In seconds, so far apart that how long waking them all takes does not matter; 0 has none. */
static const uint64_t s_deadline_seconds[] = { 0, 400, 100, 0, 200, 300 };
static const uintptr_t s_expected[] = { 2, 4, 5, 1, 0, 3 };
static uintptr_t s_order[ARRAY_SIZE(s_deadline_seconds)];
static size_t s_ran;
static ax_semaphore_t s_start;

static void *note_turn(void *number)
{
	uint64_t seconds = s_deadline_seconds[(uintptr_t)number];
	ax_err_t error = axtask_set_deadline(axtask_current(), seconds ? seconds * SECOND_NS : AXTASK_FOREVER);
	ax_semaphore_wait(&s_start);
	s_order[s_ran++] = (uintptr_t)number;
	return (void *)(uintptr_t)error;
}

/* Of each CPU's queue. main() takes a deadline before theirs, so that all are ready before any runs. */
const char *ready_threads_run_in_order_of_their_deadlines(void)
{
	enum { COUNT = ARRAY_SIZE(s_order) };
	ax_thread_t *threads[COUNT];
	REQUIRE(stay_on_one_cpu());
	ax_semaphore_init(&s_start, 0);
	for (uintptr_t i = 0; i < COUNT; i++)
		REQUIRE(ax_thread_spawn(note_turn, (void *)i, &threads[i]) == AX_OK);
	ax_thread_yield(); /* all of them run until they wait */
	REQUIRE(axtask_set_deadline(axtask_current(), 0) == AX_OK);
	ax_sleep_ns(SHORT_NS); /* a deadline is taken when its thread wakes */
	for (size_t i = 0; i < COUNT; i++)
		REQUIRE(ax_semaphore_post(&s_start) == AX_OK);
	REQUIRE(s_ran == 0);
	REQUIRE(axtask_set_deadline(axtask_current(), AXTASK_FOREVER) == AX_OK);
	for (size_t i = 0; i < COUNT; i++) {
		void *error;
		REQUIRE(ax_thread_join(threads[i], &error) == AX_OK && error == (void *)AX_OK);
	}
	REQUIRE(run_on_all_cpus());
	for (size_t i = 0; i < COUNT; i++)
		REQUIRE(s_order[i] == s_expected[i]);
	return NULL;
}
