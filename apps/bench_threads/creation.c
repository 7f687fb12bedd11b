/* SPDX-License-Identifier: Apache-2.0 */
/* Threads made and ended: one at a time, detached, and many at once. */
#include "bench.h"

static void *end_at_once(void *argument)
{
	return argument;
}

bool bench_create_and_join(uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			bench_thread_t thread;
			if (!bench_spawn(&thread, end_at_once, NULL) || !bench_join(thread))
				return false;
		}
		if (batch >= 0)
			axbench_end("create+join", start, rounds);
	}
	return true;
}

static volatile uint64_t s_ended;

static void *count_and_end(void *argument)
{
	s_ended++;
	return argument;
}

bool bench_create_detached(uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		s_ended = 0;
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			if (!bench_spawn_detached(count_and_end, NULL))
				return false;
			while (s_ended <= i)
				bench_yield();
		}
		if (batch >= 0)
			axbench_end("create+run+exit", start, rounds);
	}
	return true;
}

enum { STORM_MAX = 1000 };

static bool storm(const char *operation, unsigned threads)
{
	static bench_thread_t s_threads[STORM_MAX];
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (unsigned i = 0; i < threads; i++) {
			if (!bench_spawn(&s_threads[i], end_at_once, NULL))
				return false;
		}
		for (unsigned i = 0; i < threads; i++) {
			if (!bench_join(s_threads[i]))
				return false;
		}
		if (batch >= 0)
			axbench_end(operation, start, threads);
	}
	return true;
}

/* As many as a system may keep at hand, and more than that. */
bool bench_storm([[maybe_unused]] uint64_t rounds)
{
	return storm("storm-200", 200) && storm("storm-1000", STORM_MAX);
}
