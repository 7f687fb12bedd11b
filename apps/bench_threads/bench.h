/* SPDX-License-Identifier: Apache-2.0 */
/* The loops, and the crews of threads that some of them need. A loop returns false if a thread cannot be made. */
#pragma once

#include <api.h>
#include <axbench/axbench.h>
#include <stdatomic.h>
#include <stddef.h>

/* One CPU. `rounds`: operations per batch. */
bool bench_yields(uint64_t rounds);
bool bench_create_and_join(uint64_t rounds);
bool bench_create_detached(uint64_t rounds);
bool bench_storm(uint64_t rounds);
bool bench_mutex(uint64_t rounds);
bool bench_mutex_contended(uint64_t rounds);
bool bench_condvar(uint64_t rounds);
bool bench_semaphore(uint64_t rounds);
bool bench_rwlock(uint64_t rounds);
bool bench_barrier(uint64_t rounds);

/* The loops of several CPUs, with threads on 1, 2, 4 ... and @p cpus of them. */
bool bench_many(uint64_t rounds, unsigned cpus);

enum { CREW_MAX = 128 };

/* One thread of a crew. What others write is in other cache lines. */
typedef struct crew_member {
	_Alignas(64) unsigned number;
	unsigned cpu;
	uint64_t rounds, done;
	bench_thread_t thread;
} crew_member_t;

/*
 * Threads that start together. Number 0 keeps the time: the others work until it has made its rounds, so that all work
 * as long as the clock runs; or, with `all`, each makes the rounds and the last to end stops the clock.
 */
typedef struct crew {
	unsigned cpus, per_cpu;
	bool pinned, all;
	void (*loop)(crew_member_t *self);
} crew_t;

extern atomic_bool crew_stopped;

/* Whether @p self makes one more round; counts it. */
static inline bool crew_goes_on(crew_member_t *self)
{
	if (self->done == self->rounds || atomic_load_explicit(&crew_stopped, memory_order_relaxed))
		return false;
	self->done++;
	return true;
}

/* The rounds that the whole crew made meanwhile; 0: a thread could not be made. */
uint64_t crew_run(const crew_t *crew, uint64_t rounds, axbench_time_t *took);
