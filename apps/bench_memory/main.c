/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one allocation and one release cost together.
 *
 *   malloc+free-<bytes>   allocate, touch, free at once: the best case, and the published one
 *   malloc+free-batch     allocate 1,000 blocks of 64 bytes, then free them, first come first freed
 *   malloc+free-mix       1,000 blocks alive, sizes 1 to 4,096 with small ones frequent; each step replaces one at random
 */
#include <api.h>
#include <axbench/axbench.h>
#include <stdbool.h>
#include <stddef.h>

enum { ROUNDS = 20000, LIVE = 1000 };

static void *s_live[LIVE];

static bool replace(void **slot, size_t bytes)
{
	char *block = axbench_keep(bench_alloc(bytes));
	if (!block)
		return false;
	*block = 1;
	*slot = block;
	return true;
}

static bool bench_size(const char *operation, size_t bytes, uint64_t rounds)
{
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			if (!replace(&s_live[0], bytes))
				return false;
			bench_free(s_live[0]);
		}
		if (batch >= 0)
			axbench_end(operation, start, rounds);
	}
	return true;
}

static bool bench_batch(uint64_t rounds)
{
	uint64_t passes = rounds / LIVE + 1;
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (uint64_t pass = 0; pass < passes; pass++) {
			for (size_t i = 0; i < LIVE; i++) {
				if (!replace(&s_live[i], 64))
					return false;
			}
			for (size_t i = 0; i < LIVE; i++)
				bench_free(s_live[i]);
		}
		if (batch >= 0)
			axbench_end("malloc+free-batch", start, passes * LIVE);
	}
	return true;
}

/* xorshift64 (Marsaglia, "Xorshift RNGs", 2003): the same sequence in every run and on every system. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Sizes as programs ask for them: each power of two up to 4,096 as likely as the next. */
static size_t random_bytes(uint64_t random)
{
	unsigned bits = (unsigned)(random >> 8) % 12 + 1;
	return (size_t)(random >> 16) % ((size_t)1 << bits) + 1;
}

static bool bench_mix(uint64_t rounds)
{
	uint64_t state = 88172645463325252u;
	for (size_t i = 0; i < LIVE; i++) {
		if (!replace(&s_live[i], random_bytes(next_random(&state))))
			return false;
	}
	for (int batch = -1; batch < AXBENCH_BATCHES; batch++) {
		axbench_time_t start = axbench_begin();
		for (uint64_t i = 0; i < rounds; i++) {
			uint64_t random = next_random(&state);
			void **slot = &s_live[(random >> 40) % LIVE];
			bench_free(*slot);
			if (!replace(slot, random_bytes(random)))
				return false;
		}
		if (batch >= 0)
			axbench_end("malloc+free-mix", start, rounds);
	}
	for (size_t i = 0; i < LIVE; i++)
		bench_free(s_live[i]);
	return true;
}

int main(int argc, char **argv)
{
	uint64_t rounds = axbench_rounds(argc, argv, ROUNDS);
	bool good = bench_size("malloc+free-16", 16, rounds) && bench_size("malloc+free-64", 64, rounds) &&
		    bench_size("malloc+free-256", 256, rounds) && bench_size("malloc+free-4096", 4096, rounds) &&
		    bench_batch(rounds) && bench_mix(rounds);
	return good ? 0 : 1;
}
