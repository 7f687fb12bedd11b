/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Without arguments: a random trace over both allocators with every block's content checked; then all memory is taken until there is
 * none, for bytes and for threads: errors come back, the kernel says so once, and what is freed can be had again.
 */
#include <axstd/axstd.h>
#include <memtest/features.h>

#include "memtest.h"

enum { SLOTS = 512, STEPS = 200000, EXHAUST_BYTES = 64 * 1024 };

static struct {
	unsigned char *bytes;
	size_t size;
} s_slot[SLOTS];

static uint64_t s_random = 88172645463325252u;

static uint64_t next_random(void)
{
	return s_random = memtest_random(s_random);
}

static bool check_and_free(size_t i)
{
	unsigned char mark = (unsigned char)i;
	bool good = s_slot[i].bytes[0] == mark && s_slot[i].bytes[s_slot[i].size - 1] == mark;
	ax_free(s_slot[i].bytes);
	s_slot[i].bytes = NULL;
	return good;
}

static bool random_trace(void)
{
	for (int step = 0; step < STEPS; step++) {
		size_t i = next_random() % SLOTS;
		if (s_slot[i].bytes && !check_and_free(i))
			return false;
		size_t size = 1 + next_random() % (1u << (next_random() % 14));
		unsigned char *bytes = ax_alloc(size);
		if (!bytes || (uintptr_t)bytes % 16)
			return false;
		bytes[0] = bytes[size - 1] = (unsigned char)i;
		s_slot[i].bytes = bytes;
		s_slot[i].size = size;
	}
	bool good = true;
	for (size_t i = 0; i < SLOTS; i++) {
		if (s_slot[i].bytes)
			good &= check_and_free(i);
	}
	return good && axalloc_stats().heap_used_bytes == 0;
}

size_t memtest_exhaust(struct link **blocks)
{
	size_t count = 0;
	for (;;) {
		struct link *block = ax_alloc(EXHAUST_BYTES);
		if (!block)
			return count;
		block->next = *blocks;
		*blocks = block;
		count++;
	}
}

void memtest_free_all(struct link *blocks)
{
	while (blocks) {
		struct link *next = blocks->next;
		ax_free(blocks);
		blocks = next;
	}
}

static void *nothing([[maybe_unused]] void *argument)
{
	return NULL;
}

int main(int argc, char **argv)
{
#if MEMTEST_FEATURE_DEBUG
	if (argc > 1)
		return free_twice(argv[1]);
#endif
	(void)argv;
	if (argc > 1)
		return test_threads();
	if (!random_trace())
		return 1;
	ax_print("random trace: %d steps, every byte kept, all memory back\n", STEPS);

	struct link *blocks = NULL;
	size_t first = memtest_exhaust(&blocks);
	ax_thread_t *thread;
	ax_err_t error = axtask_spawn(&(ax_thread_attr_t){ .stack_bytes = 1 << 20 }, nothing, NULL, &thread);
	ax_print("a thread when memory is out: %s\n", ax_err_text(error));
	memtest_free_all(blocks);

	blocks = NULL;
	size_t second = memtest_exhaust(&blocks);
	memtest_free_all(blocks);
	ax_print("taken, freed and taken again: %s\n", first > 0 && second >= first ? "as much as before" : "less");
	error = ax_thread_spawn(nothing, NULL, &thread);
	if (error == AX_OK)
		error = ax_thread_join(thread, NULL);
	ax_print("a thread when memory is back: %s\n", ax_err_text(error));
	return 0;
}
