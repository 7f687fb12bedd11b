/* SPDX-License-Identifier: Apache-2.0 */
/* Two threads that do nothing but yield. Only one CPU, so volatile suffices. */
#include "bench.h"

/* A system that lets a new thread wait may do so for milliseconds; one that never switches shall not hold us up. */
enum { WARM_SWITCHES = 100, WARM_YIELDS = 100000 };

static volatile bool s_stop;
static volatile uint64_t s_partner_yields, s_switches;
static volatile int s_last;

static void yield_as(int who)
{
	bench_yield();
	if (s_last != who) {
		s_last = who;
		s_switches++;
	}
}

static void *yield_until_stopped(void *argument)
{
	while (!s_stop) {
		yield_as(1);
		s_partner_yields++;
	}
	return argument;
}

bool bench_yields(uint64_t rounds)
{
	bench_thread_t partner;
	s_stop = false;
	if (!bench_spawn(&partner, yield_until_stopped, NULL))
		return false;
	for (int i = 0; i < WARM_YIELDS && s_switches < WARM_SWITCHES; i++)
		yield_as(0);
	for (int batch = 0; batch < AXBENCH_BATCHES; batch++) {
		s_partner_yields = s_switches = 0;
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++)
			yield_as(0);
		axbench_time_t took = axbench_stop(start);
		uint64_t switches = s_switches;
		axbench_report("yield", took, rounds + s_partner_yields);
		axbench_report("switch", took, switches ? switches : 1);
	}
	s_stop = true;
	return bench_join(partner);
}
