/* SPDX-License-Identifier: Apache-2.0 */
/* The byte heap: the chosen allocator, fed with regions of pages; in front of it what CPUs have at hand. */
#include <axalloc/axalloc.h>

#include "axalloc_internal.h"
#include "cache.h"
#include <allocator/byte_allocator.h>
#include <axlog/axlog.h>
#include <base/base.h>
#include <spinlock/spinlock.h>
#include <stdbool.h>

enum { FIRST_PAGES = 8, DEFAULT_ALIGNMENT = 16 };

/* Lies at the start of each run of pages that the heap has. */
typedef struct region {
	struct region *next;
	vaddr_t end;
} region_t;

enum { REGION_BYTES = 64 };
_Static_assert(sizeof(region_t) <= REGION_BYTES, "the header must fit");

static spinlock_t s_lock = SPINLOCK_INIT; /* protects what follows */
static region_t *s_regions;
static byte_allocator_t s_heap;
static size_t s_heap_pages;
static bool s_out_reported;

/* Feed the heap so that a block of @p bytes fits: its own size again, or less when RAM has no such run. */
static bool grow(size_t bytes, size_t alignment)
{
	if (bytes > SIZE_MAX / 8 || alignment > SIZE_MAX / 8)
		return false;
	size_t least = pages_for(byte_allocator_region_for(bytes, alignment) + REGION_BYTES);
	size_t pages = AX_MAX(AX_MAX(least, s_heap_pages), (size_t)FIRST_PAGES);
	vaddr_t start = axalloc_ram_take(pages, PAGE_SIZE);
	while (!start && pages > least) {
		pages = AX_MAX(pages / 2, least);
		start = axalloc_ram_take(pages, PAGE_SIZE);
	}
	if (!start)
		return false;
	size_t region_bytes = pages * PAGE_SIZE;
	if (byte_allocator_add_region(&s_heap, (char *)start + REGION_BYTES, region_bytes - REGION_BYTES) != AX_OK) {
		axalloc_ram_give(start, pages);
		return false;
	}
	region_t *region = (region_t *)start;
	*region = (region_t){ .next = s_regions, .end = start + region_bytes };
	s_regions = region;
	s_heap_pages += pages;
	return true;
}

void axalloc_init(void)
{
	axalloc_pages_init();
	byte_allocator_init(&s_heap);
	axalloc_cache_init(&(axalloc_cached_heap_t){ &s_heap, &s_lock, grow, &s_out_reported });
}

static void report_out(size_t bytes)
{
	if (s_out_reported)
		return;
	s_out_reported = true;
	ax_error("out of memory: no room for %zu bytes (heap %zu KiB)", bytes, s_heap_pages * PAGE_SIZE / 1024);
}

void *axalloc_alloc(size_t bytes, size_t alignment)
{
	if (alignment == 0)
		alignment = DEFAULT_ALIGNMENT;
	void *pointer = axalloc_cache_take(&s_heap, bytes, alignment);
	if (likely(pointer))
		return pointer;
	SPIN_GUARD(&s_lock);
	pointer = byte_allocator_alloc(&s_heap, bytes, alignment);
	if (likely(pointer))
		return pointer;
	if (is_power_of_two(alignment) && (grow(bytes, alignment) || axalloc_cache_reclaim(&s_lock)))
		pointer = byte_allocator_alloc(&s_heap, bytes, alignment);
	if (!pointer)
		report_out(bytes);
	return pointer;
}

void axalloc_free(void *pointer)
{
	if (!pointer || axalloc_cache_give(&s_heap, pointer))
		return;
	SPIN_GUARD(&s_lock);
	byte_allocator_free(&s_heap, pointer);
	s_out_reported = false;
}

void *axalloc_realloc(void *pointer, size_t bytes, size_t alignment)
{
	if (alignment == 0)
		alignment = DEFAULT_ALIGNMENT;
	if (!pointer)
		return axalloc_alloc(bytes, alignment);
	void *moved = axalloc_cache_realloc(&s_heap, pointer, bytes, alignment);
	if (moved)
		return moved;
	SPIN_GUARD(&s_lock);
	moved = byte_allocator_realloc(&s_heap, pointer, bytes, alignment);
	if (likely(moved))
		return moved;
	if (is_power_of_two(alignment) && (grow(bytes, alignment) || axalloc_cache_reclaim(&s_lock)))
		moved = byte_allocator_realloc(&s_heap, pointer, bytes, alignment);
	if (!moved)
		report_out(bytes);
	return moved;
}

vaddr_t axalloc_heap_take_pages(size_t count, size_t alignment)
{
	if (count > SIZE_MAX / PAGE_SIZE)
		return 0;
	SPIN_GUARD(&s_lock);
	void *pages = byte_allocator_alloc(&s_heap, count * PAGE_SIZE, AX_MAX(alignment, PAGE_SIZE));
	if (!pages && axalloc_cache_reclaim(&s_lock))
		pages = byte_allocator_alloc(&s_heap, count * PAGE_SIZE, AX_MAX(alignment, PAGE_SIZE));
	if (!pages)
		report_out(count * PAGE_SIZE);
	return (vaddr_t)pages;
}

bool axalloc_heap_give_pages(vaddr_t start)
{
	SPIN_GUARD(&s_lock);
	for (const region_t *region = s_regions; region; region = region->next) {
		if (start > (vaddr_t)region && start < region->end) {
			byte_allocator_free(&s_heap, (void *)start);
			return true;
		}
	}
	return false;
}

size_t axalloc_usable_size(void *pointer)
{
	return pointer ? byte_allocator_usable_size(&s_heap, pointer) : 0;
}

void axalloc_heap_stats(axalloc_stats_t *stats)
{
	axalloc_cache_stop();
	{
		SPIN_GUARD(&s_lock);
		stats->heap_bytes = s_heap_pages * PAGE_SIZE;
		stats->heap_cached_bytes = axalloc_cache_bytes(&s_heap);
		stats->heap_used_bytes = byte_allocator_used_bytes(&s_heap) - stats->heap_cached_bytes;
	}
	axalloc_cache_resume();
}
