/* SPDX-License-Identifier: Apache-2.0 */
/* Locks and events: taken alone, taken from each other, and handed to and fro between two threads. */
#include "bench.h"

static bench_mutex_t s_mutex; /* protects s_turn where there are two threads; zero bytes are an unlocked one */

bool bench_mutex(uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
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

static bool crew_batches(const char *operation, const crew_t *crew, uint64_t rounds, uint64_t done_per_operation)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t took;
		uint64_t done = crew_run(crew, rounds, &took);
		if (!done)
			return false;
		if (batch >= 0)
			axbench_report(operation, took, done / done_per_operation);
	}
	return true;
}

/* Who has the lock gives the CPU away, so that the others come and must wait. */
static void yield_locked(crew_member_t *self)
{
	while (crew_goes_on(self)) {
		bench_lock(&s_mutex);
		bench_yield();
		bench_unlock(&s_mutex);
	}
}

bool bench_mutex_contended(uint64_t rounds)
{
	crew_t crew = { .cpus = 1, .per_cpu = 2, .loop = yield_locked };
	if (!crew_batches("mutex-contended-2", &crew, rounds, 1))
		return false;
	crew.per_cpu = 4;
	return crew_batches("mutex-contended-4", &crew, rounds, 1);
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

bool bench_condvar(uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		bench_thread_t partner;
		s_turn = 0;
		if (!bench_spawn(&partner, hand_back, &rounds))
			return false;
		bench_yield();
		bench_lock(&s_mutex);
		axbench_time_t start = axbench_begin();
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

bool bench_semaphore(uint64_t rounds)
{
	bench_semaphore_init(&s_there);
	bench_semaphore_init(&s_back);
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		bench_thread_t partner;
		if (!bench_spawn(&partner, post_back, &rounds))
			return false;
		bench_yield();
		axbench_time_t start = axbench_begin();
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

bool bench_rwlock(uint64_t rounds)
{
	static bench_rwlock_t s_lock; /* zero bytes are an unlocked one */
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			bench_read_lock(&s_lock);
			axbench_keep(&s_lock);
			bench_read_unlock(&s_lock);
		}
		if (batch >= 0)
			axbench_end("rwlock-read", start, rounds);
	}
	return true;
}

static bench_barrier_t s_barrier;

static void meet(crew_member_t *self)
{
	while (crew_goes_on(self))
		bench_barrier_wait(&s_barrier);
}

bool bench_barrier(uint64_t rounds)
{
	static const struct {
		const char *operation;
		unsigned parties;
	} s_shapes[] = { { "barrier-2", 2 }, { "barrier-4", 4 } };
	for (size_t i = 0; i < sizeof s_shapes / sizeof *s_shapes; i++) {
		crew_t crew = { .cpus = 1, .per_cpu = s_shapes[i].parties, .all = true, .loop = meet };
		if (!bench_barrier_init(&s_barrier, s_shapes[i].parties) ||
		    !crew_batches(s_shapes[i].operation, &crew, rounds, s_shapes[i].parties))
			return false;
	}
	return true;
}
