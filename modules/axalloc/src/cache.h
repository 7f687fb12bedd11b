/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small blocks at hand on each CPU, in front of the heap. Without feature `smp` there are none, and these functions
 * vanish. Thread context, the heap's lock not held unless said otherwise; @p heap is only asked for sizes.
 */
#pragma once

#include <allocator/byte_allocator.h>
#include <axalloc/features.h>
#include <memory_addr/memory_addr.h>
#include <spinlock/spinlock.h>
#include <stdbool.h>
#include <stddef.h>

/** The heap as heap.c has it; all but `lock` is under that lock. */
typedef struct axalloc_cached_heap {
	byte_allocator_t *blocks;
	spinlock_t *lock;
	bool (*grow)(size_t bytes, size_t alignment);
	bool *out_reported; /* cleared when something is freed */
} axalloc_cached_heap_t;

#if AXALLOC_FEATURE_SMP

#include <kernel_guard/kernel_guard.h>
#include <magazine_cache/magazine_cache.h>
#include <percpu/percpu.h>

extern magazine_cache_t axalloc_cache;
PERCPU_DECLARE(magazine_cpu_t, axalloc_cache_cpu);

enum { AXALLOC_CACHE_ALIGNMENT = 16 }; /* of every block */

/** Once, before the others; @p heap is copied. */
void axalloc_cache_init(const axalloc_cached_heap_t *heap);

/** A block that fits, or NULL: ask the heap. */
static inline void *axalloc_cache_take(const byte_allocator_t *heap, size_t bytes, size_t alignment)
{
	if (unlikely(alignment > AXALLOC_CACHE_ALIGNMENT || !is_power_of_two(alignment)))
		return NULL;
	unsigned class = byte_allocator_class_for(heap, bytes);
	if (unlikely(class == BYTE_ALLOCATOR_CLASSES))
		return NULL;
	PREEMPT_GUARD();
	return magazine_take(&axalloc_cache, percpu_ptr(axalloc_cache_cpu), class);
}

/** Whether @p pointer was taken; else it is to be freed to the heap. */
static inline bool axalloc_cache_give(const byte_allocator_t *heap, void *pointer)
{
	unsigned class = byte_allocator_class_of(heap, pointer);
	if (unlikely(class == BYTE_ALLOCATOR_CLASSES))
		return false;
	PREEMPT_GUARD();
	return magazine_give(&axalloc_cache, percpu_ptr(axalloc_cache_cpu), class, pointer);
}

/** A small block that becomes another small one, with its content; NULL: ask the heap, @p pointer is untouched. */
void *axalloc_cache_realloc(const byte_allocator_t *heap, void *pointer, size_t bytes, size_t alignment);

/**
 * Memory is out: give the heap what all CPUs have at hand, with its lock let go of meanwhile. False, and nothing is
 * done, if there is nothing or interrupts are masked.
 */
bool axalloc_cache_reclaim(spinlock_t *heap_lock);

/** Between these two nothing comes or goes, and axalloc_cache_bytes() says what lies there, as the heap counts it. */
void axalloc_cache_stop(void);
void axalloc_cache_resume(void);
size_t axalloc_cache_bytes(const byte_allocator_t *heap);

#else

static inline void axalloc_cache_init([[maybe_unused]] const axalloc_cached_heap_t *heap)
{
}

static inline void *axalloc_cache_take([[maybe_unused]] const byte_allocator_t *heap, [[maybe_unused]] size_t bytes,
				       [[maybe_unused]] size_t alignment)
{
	return NULL;
}

static inline bool axalloc_cache_give([[maybe_unused]] const byte_allocator_t *heap, [[maybe_unused]] void *pointer)
{
	return false;
}

static inline void *axalloc_cache_realloc([[maybe_unused]] const byte_allocator_t *heap, [[maybe_unused]] void *pointer,
					  [[maybe_unused]] size_t bytes, [[maybe_unused]] size_t alignment)
{
	return NULL;
}

static inline bool axalloc_cache_reclaim([[maybe_unused]] spinlock_t *heap_lock)
{
	return false;
}

static inline void axalloc_cache_stop(void)
{
}

static inline void axalloc_cache_resume(void)
{
}

static inline size_t axalloc_cache_bytes([[maybe_unused]] const byte_allocator_t *heap)
{
	return 0;
}

#endif
