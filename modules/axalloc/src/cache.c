/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CPUs' magazines (element magazine_cache) between axalloc's callers and the heap. A magazine is of about
 * MAGAZINE_BYTES, so that a CPU has no more than two of them idle of each class, and the depot 16 for it.
 */
#include "cache.h"

#include <axalloc/axalloc.h>
#include <axhal/smp.h>
#include <base/base.h>
#include <memstr/memstr.h>

enum { MAGAZINE_BYTES = 4096, MAX_ROUNDS = 64 };

_Static_assert((int)BYTE_ALLOCATOR_CLASSES <= (int)MAGAZINE_CLASSES, "each class has its magazines");

magazine_cache_t axalloc_cache;
PERCPU_DEFINE(magazine_cpu_t, axalloc_cache_cpu) = {};
static axalloc_cached_heap_t s_heap;

static void fence([[maybe_unused]] void *argument)
{
	atomic_thread_fence(memory_order_seq_cst);
}

static void fence_all(void)
{
	axhal_call_on(axhal_cpus_online(), fence, NULL);
}

static uint32_t take_blocks(unsigned class, uint32_t count, void **blocks)
{
	size_t bytes = byte_allocator_class_bytes(class);
	void *list = NULL;
	uint32_t got = 0;
	SPIN_GUARD(s_heap.lock);
	while (got < count) {
		void *block = byte_allocator_alloc(s_heap.blocks, bytes, AXALLOC_CACHE_ALIGNMENT);
		if (!block && (got || !s_heap.grow(bytes, AXALLOC_CACHE_ALIGNMENT)))
			break;
		if (!block)
			continue;
		*(magazine_link_t *)block = list;
		list = block;
		got++;
	}
	*blocks = list;
	return got;
}

static void give_blocks(void *blocks)
{
	SPIN_GUARD(s_heap.lock);
	while (blocks) {
		void *next = *(magazine_link_t *)blocks;
		byte_allocator_free(s_heap.blocks, blocks);
		blocks = next;
	}
	*s_heap.out_reported = false;
}

static const magazine_heap_t s_magazine_heap = { .allocate = take_blocks, .free = give_blocks, .fence_all = fence_all };

void axalloc_cache_init(const axalloc_cached_heap_t *heap)
{
	uint32_t rounds[MAGAZINE_CLASSES] = {};
	const unsigned classes = BYTE_ALLOCATOR_CLASSES; /* 0 with debug */
	for (unsigned class = 0; class < classes; class++)
		rounds[class] = (uint32_t)AX_MIN(MAGAZINE_BYTES / byte_allocator_class_bytes(class), (size_t)MAX_ROUNDS);
	s_heap = *heap;
	magazine_cache_init(&axalloc_cache, &s_magazine_heap, classes, rounds);
}

void *axalloc_cache_realloc(const byte_allocator_t *heap, void *pointer, size_t bytes, size_t alignment)
{
	unsigned have = byte_allocator_class_of(heap, pointer), want = byte_allocator_class_for(heap, bytes);
	if (have == BYTE_ALLOCATOR_CLASSES || want == BYTE_ALLOCATOR_CLASSES || alignment > AXALLOC_CACHE_ALIGNMENT)
		return NULL;
	if (have == want && is_power_of_two(alignment))
		return pointer;
	void *moved = axalloc_cache_take(heap, bytes, alignment);
	if (moved) {
		memcpy(moved, pointer, AX_MIN(byte_allocator_usable_size(heap, pointer), bytes));
		axalloc_free(pointer);
	}
	return moved;
}

bool axalloc_cache_reclaim(spinlock_t *heap_lock)
{
	if (!irq_is_enabled())
		return false; /* another CPU might wait for this one, which would not answer */
	spin_unlock(heap_lock);
	bool any;
	{
		PREEMPT_GUARD();
		any = magazine_cache_drain(&axalloc_cache) > 0;
	}
	spin_lock(heap_lock);
	return any;
}

void axalloc_cache_stop(void)
{
	preempt_disable();
	magazine_cache_stop(&axalloc_cache);
}

void axalloc_cache_resume(void)
{
	magazine_cache_resume(&axalloc_cache);
	preempt_enable();
}

typedef struct sum {
	const byte_allocator_t *heap;
	size_t bytes;
} sum_t;

static void add_block(void *block, void *context)
{
	sum_t *sum = context;
	sum->bytes += byte_allocator_block_bytes(sum->heap, block);
}

size_t axalloc_cache_bytes(const byte_allocator_t *heap)
{
	sum_t sum = { .heap = heap };
	magazine_cache_each(&axalloc_cache, add_block, &sum);
	return sum.bytes;
}
