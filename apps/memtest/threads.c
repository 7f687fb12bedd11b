/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that allocate, resize and free, each others' blocks too: every block has one holder and keeps its content.
 * Then what all CPUs have at hand must serve who wants everything, and threads run out of memory at the same time.
 */
#include <axhal/smp.h>
#include <axstd/axstd.h>
#include <stdatomic.h>

#include "memtest.h"

enum { THREADS = 4, STEPS = 20000, SLOTS = 64, MAILBOXES = 32, MAX_BYTES = 3000, GREEDY_BYTES = 1000, GREEDY_ROUNDS = 3 };

/* At the start of each block; the rest is filled with `mark`. */
typedef struct block {
	struct block *next; /* of whatever list it is in */
	unsigned size;
	unsigned char mark;
	unsigned char fill[];
} block_t;

static _Atomic(block_t *) s_mailbox[MAILBOXES];
static atomic_int s_errors;

static block_t *filled(block_t *block, size_t size, unsigned char mark)
{
	if (!block)
		return NULL;
	block->size = (unsigned)size;
	block->mark = mark;
	for (size_t i = 0; i < size - sizeof *block; i++)
		block->fill[i] = mark;
	return block;
}

static void check_fill(const block_t *block, size_t size)
{
	for (size_t i = 0; i < size - sizeof *block; i++) {
		if (block->fill[i] != block->mark) {
			s_errors++;
			return;
		}
	}
}

static void check_and_free(block_t *block)
{
	if (!block)
		return;
	check_fill(block, block->size);
	ax_free(block);
}

static size_t random_size(uint64_t random)
{
	return sizeof(block_t) + random % (1 + random / MAX_BYTES % MAX_BYTES);
}

static block_t *resized(block_t *block, size_t size)
{
	size_t kept = size < block->size ? size : block->size;
	unsigned char mark = block->mark;
	block_t *moved = ax_realloc(block, size);
	if (!moved) {
		s_errors++;
		return block;
	}
	check_fill(moved, kept);
	return filled(moved, size, mark);
}

static void stay_on(uintptr_t number)
{
	if (axtask_set_affinity(axtask_current(), UINT64_C(1) << number % axhal_cpus_present()) != AX_OK)
		s_errors++;
}

static void *trace(void *argument)
{
	uint64_t state = 88172645463325252u + (uintptr_t)argument;
	block_t *slots[SLOTS] = {};
	stay_on((uintptr_t)argument);
	for (int step = 0; step < STEPS; step++) {
		state = memtest_random(state);
		block_t **slot = &slots[state % SLOTS];
		uint64_t what = (state >> 8) % 8;
		if (*slot && what == 0) {
			*slot = resized(*slot, random_size(state >> 32));
		} else if (what == 1) {
			*slot = atomic_exchange(&s_mailbox[(state >> 16) % MAILBOXES], *slot);
		} else {
			size_t size = random_size(state >> 32), alignment = what == 2 ? 64 : 16;
			check_and_free(*slot);
			*slot = filled(axalloc_alloc(size, alignment), size, (unsigned char)state);
			if (!*slot || (uintptr_t)*slot % alignment || axalloc_usable_size(*slot) < size)
				s_errors++;
		}
		if (step % 64 == 0)
			ax_thread_yield();
	}
	for (int i = 0; i < SLOTS; i++)
		check_and_free(slots[i]);
	return NULL;
}

/* Blocks of all small sizes, freed again: they stay at hand on this CPU. */
static void *leave_at_hand(void *argument)
{
	enum { KEPT = 500 };
	static block_t *s_kept[THREADS][KEPT];
	block_t **kept = s_kept[(uintptr_t)argument];
	stay_on((uintptr_t)argument);
	for (size_t i = 0; i < KEPT; i++) {
		size_t size = sizeof(block_t) + 4 * i;
		kept[i] = filled(ax_alloc(size), size, 1);
	}
	for (size_t i = 0; i < KEPT; i++)
		check_and_free(kept[i]);
	return NULL;
}

static void *take_all(void *argument)
{
	stay_on((uintptr_t)argument);
	for (int round = 0; round < GREEDY_ROUNDS; round++) {
		block_t *list = NULL, *block;
		size_t count = 0;
		while ((block = filled(ax_alloc(GREEDY_BYTES), GREEDY_BYTES, (unsigned char)(uintptr_t)argument))) {
			block->next = list;
			list = block;
			if (++count % 64 == 0)
				ax_thread_yield();
		}
		while ((block = list)) {
			list = block->next;
			check_and_free(block);
		}
	}
	return NULL;
}

static void run(void *(*entry)(void *argument))
{
	ax_thread_t *threads[THREADS];
	for (uintptr_t i = 0; i < THREADS; i++) {
		if (ax_thread_spawn(entry, (void *)i, &threads[i]) != AX_OK)
			threads[i] = NULL;
	}
	for (int i = 0; i < THREADS; i++) {
		if (!threads[i] || ax_thread_join(threads[i], NULL) != AX_OK)
			s_errors++;
	}
}

static const char *verdict(const char *good)
{
	return s_errors ? "errors" : axalloc_stats().heap_used_bytes ? "memory is missing" : good;
}

int test_threads(void)
{
	struct link *blocks = NULL;
	run(trace);
	for (int i = 0; i < MAILBOXES; i++)
		check_and_free(s_mailbox[i]);
	ax_print("%d threads, %d steps each: %s\n", THREADS, STEPS, verdict("every byte kept, all memory back"));

	size_t first = memtest_exhaust(&blocks);
	memtest_free_all(blocks);
	blocks = NULL;
	run(leave_at_hand);
	bool at_hand = axalloc_stats().heap_cached_bytes > 0;
	ax_print("freed blocks stay at hand: %s\n", at_hand == (AXHAL_MAX_CPUS > 1) ? "with several CPUs" : "otherwise");
	size_t second = memtest_exhaust(&blocks);
	memtest_free_all(blocks);
	bool all = first > THREADS && second + THREADS >= first; /* the last threads' stacks may be new ones */
	ax_print("who wants everything gets them: %s\n", all ? verdict("as much as before") : "less");

	run(take_all);
	ax_print("%d threads out of memory, %d times: %s\n", THREADS, GREEDY_ROUNDS, verdict("every byte kept, all memory back"));
	return s_errors != 0;
}
