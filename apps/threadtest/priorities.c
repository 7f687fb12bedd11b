/* SPDX-License-Identifier: Apache-2.0 */
/* What fixed priorities promise on each CPU. main() is of level 0 but where a check lifts it. */
#include "threadtest.h"

enum { SHORT_NS = 2000000, SECOND_NS = 1000000000, PATIENCE_SECONDS = 20 };

static _Atomic bool s_woken;

static void *wake_once([[maybe_unused]] void *argument)
{
	ax_sleep_ns(SHORT_NS);
	s_woken = true;
	return NULL;
}

const char *a_higher_level_preempts_a_spinning_thread(void)
{
	const ax_thread_attr_t attr = { .level = 2, .unsliced = true };
	ax_thread_t *thread;
	REQUIRE(axtask_set_level(axtask_current(), 1, false) == AX_OK);
	REQUIRE(axtask_spawn(&attr, wake_once, NULL, &thread) == AX_OK);
	const uint64_t start_ns = ax_now_ns();
	while (!s_woken)
		REQUIRE(ax_now_ns() < start_ns + (uint64_t)PATIENCE_SECONDS * SECOND_NS);
	REQUIRE(ax_thread_join(thread, NULL) == AX_OK);
	REQUIRE(axtask_set_level(axtask_current(), 0, true) == AX_OK);
	return NULL;
}

static const unsigned s_levels[] = { 0, 4, 1, 0, 2, 3 };
static const uintptr_t s_expected[] = { 1, 5, 4, 2, 0, 3 };
static uintptr_t s_order[ARRAY_SIZE(s_levels)];
static size_t s_ran;

static void *note_turn(void *number)
{
	s_order[s_ran++] = (uintptr_t)number;
	return NULL;
}

const char *ready_threads_run_in_order_of_their_levels(void)
{
	enum { COUNT = ARRAY_SIZE(s_order), HIGHEST = AXTASK_LEVELS - 1 };
	ax_thread_t *threads[COUNT];
	unsigned level;
	bool sliced;
	REQUIRE(stay_on_one_cpu());
	REQUIRE(axtask_set_level(axtask_current(), HIGHEST, false) == AX_OK);
	axtask_level(axtask_current(), &level, &sliced);
	REQUIRE(level == HIGHEST && !sliced);
	for (uintptr_t i = 0; i < COUNT; i++) {
		const ax_thread_attr_t attr = { .level = s_levels[i], .unsliced = s_levels[i] != 0 };
		REQUIRE(axtask_spawn(&attr, note_turn, (void *)i, &threads[i]) == AX_OK);
	}
	ax_thread_yield(); /* to no one of its level */
	REQUIRE(s_ran == 0);
	REQUIRE(axtask_set_level(axtask_current(), 1, true) == AX_OK);
	REQUIRE(s_ran == 3); /* those above went first */
	REQUIRE(axtask_set_level(axtask_current(), 0, true) == AX_OK);
	for (size_t i = 0; i < COUNT; i++)
		REQUIRE(ax_thread_join(threads[i], NULL) == AX_OK);
	REQUIRE(run_on_all_cpus());
	for (size_t i = 0; i < COUNT; i++)
		REQUIRE(s_order[i] == s_expected[i]);
	return NULL;
}

const char *levels_there_are_not_are_refused(void)
{
	const ax_thread_attr_t attr = { .level = AXTASK_LEVELS };
	ax_thread_t *thread;
	REQUIRE(axtask_spawn(&attr, note_turn, NULL, &thread) == AX_ERR_OUT_OF_RANGE);
	REQUIRE(axtask_set_level(axtask_current(), AXTASK_LEVELS, true) == AX_ERR_OUT_OF_RANGE);
	return NULL;
}
