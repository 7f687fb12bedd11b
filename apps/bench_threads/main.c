/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What threads and locks cost, one CPU. api.h gives the thread API under names of its own, so that the loops are the
 * same for the native API, for POSIX threads here, and for POSIX threads on Linux.
 *
 *   yield            one yield with two threads that do nothing else; a switch if the scheduler switches
 *   switch           the same divided by how often the other thread did run
 *   create+join      create a thread that ends at once, and join it
 *   create+run+exit  create a detached one and yield until it has ended
 *   mutex            lock and unlock, uncontended
 *   condvar          one hand-over: signal the other thread, sleep until it signals back
 *   semaphore        the same with two semaphores
 */
#include <api.h>
#include <axbench/axbench.h>
#include <stddef.h>

enum { ROUNDS = 10000, CREATE_SHARE = 10 };

/* Two threads in turn; only one CPU, so volatile suffices. */
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

static bool bench_yields(uint64_t rounds)
{
	bench_thread_t partner;
	s_stop = false;
	if (!bench_spawn(&partner, yield_until_stopped, NULL))
		return false;
	for (int i = 0; i < 100; i++)
		yield_as(0);
	for (int batch = 0; batch < AXBENCH_BATCHES; batch++) {
		s_partner_yields = s_switches = 0;
		axbench_start_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++)
			yield_as(0);
		uint64_t switches = s_switches, yields = rounds + s_partner_yields;
		uint64_t cycles = axbench_cycles() - start.cycles, ns = axbench_now_ns() - start.ns;
		axbench_report("yield", cycles, ns, yields);
		axbench_report("switch", cycles, ns, switches ? switches : 1);
	}
	s_stop = true;
	return bench_join(partner);
}

static void *end_at_once(void *argument)
{
	return argument;
}

static bool bench_create_and_join(uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_start_t start = axbench_begin();
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

static bool bench_create_detached(uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		s_ended = 0;
		axbench_start_t start = axbench_begin();
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

static bench_mutex_t s_mutex; /* protects s_turn where there are two threads; zero bytes are an unlocked one */

static bool bench_mutex(uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_start_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			bench_lock(&s_mutex);
			axbench_keep(&s_mutex);
			bench_unlock(&s_mutex);
		}
		if (batch >= 0)
			axbench_end("mutex", start, rounds);
	}
	return true;
}

static bench_condvar_t s_condvar[2]; /* zero bytes are one that nobody waits for */
static int s_turn;

static void hand_over(int who)
{
	s_turn = !who;
	bench_signal(&s_condvar[!who]);
	while (s_turn != who)
		bench_wait(&s_condvar[who], &s_mutex);
}

static void *hand_back(void *argument)
{
	uint64_t rounds = *(uint64_t *)argument;
	bench_lock(&s_mutex);
	while (s_turn != 1)
		bench_wait(&s_condvar[1], &s_mutex);
	for (uint64_t i = 1; i < rounds; i++)
		hand_over(1);
	s_turn = 0;
	bench_signal(&s_condvar[0]);
	bench_unlock(&s_mutex);
	return NULL;
}

static bool bench_condvar(uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		bench_thread_t partner;
		s_turn = 0;
		if (!bench_spawn(&partner, hand_back, &rounds))
			return false;
		bench_yield();
		bench_lock(&s_mutex);
		axbench_start_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++)
			hand_over(0);
		if (batch >= 0)
			axbench_end("condvar", start, rounds * 2);
		bench_unlock(&s_mutex);
		if (!bench_join(partner))
			return false;
	}
	return true;
}

static bench_semaphore_t s_there, s_back;

static void *post_back(void *argument)
{
	uint64_t rounds = *(uint64_t *)argument;
	for (uint64_t i = 0; i < rounds; i++) {
		bench_semaphore_wait(&s_there);
		bench_semaphore_post(&s_back);
	}
	return NULL;
}

static bool bench_semaphore(uint64_t rounds)
{
	bench_semaphore_init(&s_there);
	bench_semaphore_init(&s_back);
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		bench_thread_t partner;
		if (!bench_spawn(&partner, post_back, &rounds))
			return false;
		bench_yield();
		axbench_start_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			bench_semaphore_post(&s_there);
			bench_semaphore_wait(&s_back);
		}
		if (batch >= 0)
			axbench_end("semaphore", start, rounds * 2);
		if (!bench_join(partner))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	uint64_t rounds = axbench_rounds(argc, argv, ROUNDS);
	uint64_t creates = rounds / CREATE_SHARE ? rounds / CREATE_SHARE : 1;
	bool good = bench_yields(rounds) && bench_create_and_join(creates) && bench_create_detached(creates) &&
		    bench_mutex(rounds) && bench_condvar(rounds) && bench_semaphore(rounds);
	return good ? 0 : 1;
}
