/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What threads and locks cost. api.h gives the thread API under names of its own, so that the loops are the same for
 * the native API, for POSIX threads here, and for POSIX threads on Linux.
 *
 * One CPU (arguments: ROUNDS, then the loops to run; all without):
 *
 *	yield                yield             one yield with two threads that do nothing else
 *	                     switch            the same divided by how often the other thread did run
 *	create               create+join       create a thread that ends at once, and join it
 *	detached             create+run+exit   create a detached one and yield until it has ended
 *	storm                storm-<n>         per thread: create n that end at once, then join all
 *	mutex                mutex             lock and unlock, uncontended
 *	contended            mutex-contended-<n>  per lock: n threads that each lock, yield, unlock
 *	condvar              condvar           one hand-over: signal the other thread, sleep until it signals back
 *	semaphore            semaphore         the same with two semaphores
 *	rwlock               rwlock-read       lock for reading and unlock, uncontended
 *	barrier              barrier-<n>       one round of n threads
 *
 * Several (argument `cpus=N` after ROUNDS): see many.c.
 */
#include "bench.h"

enum { ROUNDS = 10000, CREATE_SHARE = 10 };

static const struct {
	const char *name;
	bool (*run)(uint64_t rounds);
	unsigned share;
} s_loops[] = {
	{ "yield", bench_yields, 1 },
	{ "create", bench_create_and_join, CREATE_SHARE },
	{ "detached", bench_create_detached, CREATE_SHARE },
	{ "storm", bench_storm, 1 },
	{ "mutex", bench_mutex, 1 },
	{ "contended", bench_mutex_contended, 1 },
	{ "condvar", bench_condvar, 1 },
	{ "semaphore", bench_semaphore, 1 },
	{ "rwlock", bench_rwlock, 1 },
	{ "barrier", bench_barrier, 1 },
};

int main(int argc, char **argv)
{
	uint64_t rounds = axbench_rounds(argc, argv, ROUNDS);
	unsigned cpus = (unsigned)axbench_option(argc, argv, "cpus");
	if (cpus)
		return bench_many(rounds, cpus) ? 0 : 1;
	for (size_t i = 0; i < sizeof s_loops / sizeof *s_loops; i++) {
		uint64_t share = rounds / s_loops[i].share;
		if (axbench_wants(argc, argv, s_loops[i].name) && !s_loops[i].run(share ? share : 1))
			return 1;
	}
	return 0;
}
