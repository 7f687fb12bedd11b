/* SPDX-License-Identifier: Apache-2.0 */
/* A process here is a number; a thread is of its creator's, unless that has set another for its next ones. */
#include <axstd/axstd.h>
#include <axtask/resource.h>
#include <resourcetest/features.h>

enum { WORDS = RESOURCETEST_FEATURE_NONE ? 0 : 40, PROCESSES = 5, THREADS = 50 };

typedef struct block {
	uint64_t process;
	uint64_t process_of_next; /* threads that this one creates; 0: its own */
	uint64_t scratch[WORDS]; /* the thread's own */
} block_t;

const size_t axtask_resource_bytes = RESOURCETEST_FEATURE_NONE ? 0 : sizeof(block_t);

static const size_t s_words = WORDS;
static _Atomic uint64_t s_begun, s_ended, s_dirty, s_wrong;

static block_t *mine(void)
{
	return axtask_resource(axtask_current());
}

void axtask_resource_init(void *block, ax_thread_t *thread, ax_thread_t *creator)
{
	block_t *self = block;
	s_begun++;
	if (axtask_resource(thread) != block || (uintptr_t)block % 64)
		s_wrong++;
	if (RESOURCETEST_FEATURE_NONE)
		return;
	for (size_t i = 0; i < s_words; i++)
		s_dirty += self->scratch[i] != 0;
	const block_t *from = creator ? axtask_resource(creator) : NULL;
	self->process = !from ? 1 : from->process_of_next ? from->process_of_next : from->process;
}

void axtask_resource_end(void *block)
{
	s_ended++;
	if (block != mine())
		s_wrong++;
	axtask_yield(); /* it may take its time */
}

/* In its own allocation, above its stack, and no other thread's. */
static void *use_block(void *process)
{
	void *stack;
	size_t bytes;
	block_t *self = mine();
	axtask_stack(axtask_current(), &stack, &bytes);
	if ((uintptr_t)self <= (uintptr_t)&bytes || (uintptr_t)self >= (uintptr_t)stack + bytes)
		s_wrong++;
	for (size_t i = 0; i < s_words; i++) {
		self->scratch[i] = (uintptr_t)&bytes;
		if (i % 8 == 0)
			axtask_yield();
	}
	for (size_t i = 0; i < s_words; i++)
		s_wrong += self->scratch[i] != (uintptr_t)&bytes;
	if (WORDS && self->process != (uintptr_t)process)
		s_wrong++;
	return NULL;
}

static void *begin_process(void *process)
{
	ax_thread_t *threads[THREADS];
	for (size_t i = 0; i < THREADS; i++) {
		if (ax_thread_spawn(use_block, process, &threads[i]) != AX_OK)
			return (void *)1;
	}
	for (size_t i = 0; i < THREADS; i++)
		s_wrong += ax_thread_join(threads[i], NULL) != AX_OK;
	return use_block(process);
}

static bool says(const char *what, bool holds)
{
	ax_print("%s: %s\n", what, holds ? "holds" : "does not hold");
	return holds;
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	ax_thread_t *leaders[PROCESSES];
	if (mine() && (!WORDS || mine()->process == 1))
		ax_print("main has a block\n");
	for (uintptr_t i = 0; i < PROCESSES; i++) {
		if (WORDS)
			mine()->process_of_next = 100 + i;
		if (ax_thread_spawn(begin_process, (void *)(100 + i), &leaders[i]) != AX_OK)
			return 1;
	}
	for (size_t i = 0; i < PROCESSES; i++) {
		void *failed;
		s_wrong += ax_thread_join(leaders[i], &failed) != AX_OK || failed;
	}
	bool holds = says("a thread belongs to its creator's process", !s_wrong);
	holds &= says("blocks begin zeroed however often their memory was used", !s_dirty);
	holds &= says("what has begun has ended", s_ended == PROCESSES * (THREADS + 1) && s_begun == s_ended + 1);
	return holds ? 0 : 1;
}
