/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A list through the blocks themselves: no room is needed to remember them. */
struct link {
	struct link *next;
};

/* main.c: take all memory in large blocks, add them to a list; how many. */
size_t memtest_exhaust(struct link **blocks);
void memtest_free_all(struct link *blocks);

/* xorshift64 (Marsaglia 2003): the same trace on every machine. */
static inline uint64_t memtest_random(uint64_t state)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* threads.c: the exit status. */
int test_threads(void);

/* double_free.c: what the `debug` feature of the allocators is for. Does not come back when it works. */
int free_twice(const char *what);
