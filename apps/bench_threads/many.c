/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work on several CPUs at once. An operation's name ends with the number of CPUs it ran on; the lines count what all
 * have done together, so time per operation falls as throughput grows.
 *
 *	parallel-yield@<n>        on each CPU two threads that yield to each other
 *	parallel-malloc+free@<n>  a thread a CPU that allocates 64 bytes, touches and frees them
 *	parallel-mutex@<n>        a thread a CPU, all on one mutex, held for an addition
 *	parallel-create+join@<n>  a thread a CPU that creates threads and joins them
 *	parallel-semaphore@<n>    hand-overs between two threads: on one CPU, on two
 */
#include "bench.h"

static const char *named(const char *name, unsigned cpus)
{
	static char s_text[32];
	size_t at = 0;
	while (name[at] && at < sizeof s_text - 4) {
		s_text[at] = name[at];
		at++;
	}
	s_text[at++] = '@';
	if (cpus >= 10)
		s_text[at++] = (char)('0' + cpus / 10 % 10);
	s_text[at++] = (char)('0' + cpus % 10);
	s_text[at] = 0;
	return s_text;
}

static void yields(crew_member_t *self)
{
	while (crew_goes_on(self))
		bench_yield();
}

static void allocate(crew_member_t *self)
{
	while (crew_goes_on(self)) {
		char *block = axbench_keep(bench_alloc(64));
		if (!block)
			return;
		*block = 1;
		bench_free(block);
	}
}

static void *end_at_once(void *argument)
{
	return argument;
}

static void create(crew_member_t *self)
{
	while (crew_goes_on(self)) {
		bench_thread_t thread;
		if (!bench_spawn(&thread, end_at_once, NULL) || !bench_join(thread))
			return;
	}
}

static bench_mutex_t s_mutex; /* protects s_sum; zero bytes are an unlocked one */
static volatile uint64_t s_sum;

static void add(crew_member_t *self)
{
	while (crew_goes_on(self)) {
		bench_lock(&s_mutex);
		s_sum = s_sum + 1;
		bench_unlock(&s_mutex);
	}
}

static bench_semaphore_t s_there, s_back;

/* One of the two waits while the other one runs. */
static void pass(crew_member_t *self)
{
	if (self->number == 0) {
		while (crew_goes_on(self)) {
			bench_semaphore_post(&s_there);
			bench_semaphore_wait(&s_back);
		}
	} else {
		while (crew_goes_on(self)) {
			bench_semaphore_wait(&s_there);
			bench_semaphore_post(&s_back);
		}
	}
}

static bool batches(const char *operation, const crew_t *crew, uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t took;
		bench_semaphore_init(&s_there);
		bench_semaphore_init(&s_back);
		uint64_t done = crew_run(crew, rounds, &took);
		if (!done)
			return false;
		if (batch >= 0)
			axbench_report(named(operation, crew->cpus), took, done);
	}
	return true;
}

static bool on(unsigned cpus, uint64_t rounds)
{
	crew_t each = { .cpus = cpus, .per_cpu = 1, .pinned = true };
	crew_t pairs = { .cpus = cpus, .per_cpu = 2, .pinned = true, .loop = yields };
	if (!batches("parallel-yield", &pairs, rounds))
		return false;
	each.loop = allocate;
	if (!batches("parallel-malloc+free", &each, rounds))
		return false;
	each.loop = add;
	if (!batches("parallel-mutex", &each, rounds))
		return false;
	each.loop = create;
	if (!batches("parallel-create+join", &each, rounds / 10 + 1))
		return false;
	crew_t two = { .cpus = cpus, .per_cpu = 2 / cpus, .pinned = true, .all = true, .loop = pass };
	return cpus > 2 || batches("parallel-semaphore", &two, rounds / 50 + 1);
}

bool bench_many(uint64_t rounds, unsigned cpus)
{
	if (cpus * 2 > CREW_MAX)
		return false;
	for (unsigned n = 1; n < cpus; n *= 2) {
		if (!on(n, rounds))
			return false;
	}
	return on(cpus, rounds);
}
