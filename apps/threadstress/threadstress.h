/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each part returns false if something happened that must not; what it was is then printed. All random choices come from
 * the seed, though which thread is where when does not.
 */
#pragma once

#include <axstd/axstd.h>

/** How much to do. */
typedef struct stress {
	uint64_t alive;    /* threads at once */
	uint64_t created;  /* threads, one after the other */
	uint64_t rounds;   /* of each thread of the torture, at least */
	uint64_t seconds;  /* that the torture takes, at least */
	uint64_t seed;
} stress_t;

/* crowd.c */
bool many_live_at_once(const stress_t *stress);
bool many_come_and_go(const stress_t *stress);

/* torture.c: locks of every kind in use by all, renewed and destroyed meanwhile. */
bool torture_locks(const stress_t *stress);

/* meetings.c: barriers, onces and manual-reset events that live for one meeting each. */
bool hold_meetings(const stress_t *stress);

/** xorshift64*: Vigna 2016. A number below @p limit. */
static inline uint32_t random_below(uint64_t *random, uint32_t limit)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return (uint32_t)((*random * UINT64_C(2685821657736338717) >> 33) % limit);
}

/** The start of sequence @p number of a seed: never 0. */
static inline uint64_t random_start(uint64_t seed, uint64_t number)
{
	return (seed * 64 + number + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
}

/** main.c: print what has not held, of the first of which there may be many; counts it. */
void note_failure(const char *what, const char *file, int line);
uint64_t failures(void);

/** What must hold, in any thread. */
#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			note_failure(#condition, __FILE_NAME__, __LINE__);                         \
	} while (0)
