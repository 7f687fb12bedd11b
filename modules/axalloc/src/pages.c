/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages: one bitmap over the span from the first free RAM to the last; holes stay marked used. The bitmap itself
 * takes the first pages of the largest region. What the heap has taken never comes back, so when RAM is out,
 * pages come from what is free in the heap.
 */
#include <axalloc/axalloc.h>

#include "axalloc_internal.h"
#include <allocator/page_allocator.h>
#include <axhal/mem.h>
#include <axhal/paging.h>
#include <panic/panic.h>
#include <spinlock/spinlock.h>

static spinlock_t s_lock = SPINLOCK_INIT; /* protects s_pages */
static page_allocator_t s_pages;
static size_t s_total_pages;

void axalloc_pages_init(void)
{
	size_t count;
	const axhal_mem_region_t *regions = axhal_free_regions(&count);
	if (count == 0)
		PANIC("no free memory on this machine");
	const axhal_mem_region_t *last = &regions[count - 1], *largest = regions;
	for (size_t i = 0; i < count; i++) {
		if (regions[i].size_bytes > largest->size_bytes)
			largest = &regions[i];
	}
	vaddr_t base = (vaddr_t)axhal_phys_to_virt(regions[0].start_paddr);
	size_t span = last->start_paddr + last->size_bytes - regions[0].start_paddr;
	size_t bitmap_bytes = align_up(page_allocator_storage_bytes(span), PAGE_SIZE);
	if (bitmap_bytes >= largest->size_bytes)
		PANIC("memory too small: %zu bytes", axhal_ram_bytes());
	if (page_allocator_init(&s_pages, base, span, axhal_phys_to_virt(largest->start_paddr)) != AX_OK)
		PANIC("free memory from %#zx on, %zu bytes, is malformed", (size_t)base, span);
	for (size_t i = 0; i < count; i++) {
		size_t held = &regions[i] == largest ? bitmap_bytes : 0;
		vaddr_t start = (vaddr_t)axhal_phys_to_virt(regions[i].start_paddr + held);
		if (page_allocator_add(&s_pages, start, regions[i].size_bytes - held) != AX_OK)
			PANIC("free memory region %zu is malformed", i);
	}
	s_total_pages = page_allocator_free_pages(&s_pages);
}

vaddr_t axalloc_ram_take(size_t count, size_t alignment)
{
	SPIN_GUARD(&s_lock);
	return page_allocator_alloc(&s_pages, count, alignment);
}

void axalloc_ram_give(vaddr_t start, size_t count)
{
	SPIN_GUARD(&s_lock);
	if (page_allocator_free(&s_pages, start, count) != AX_OK)
		PANIC("freeing %zu pages at %#zx that are not allocated", count, (size_t)start);
}

vaddr_t axalloc_pages(size_t count, size_t alignment)
{
	vaddr_t start = axalloc_ram_take(count, alignment);
	return start ? start : axalloc_heap_take_pages(count, alignment);
}

void axalloc_free_pages(vaddr_t start, size_t count)
{
	if (!axalloc_heap_give_pages(start))
		axalloc_ram_give(start, count);
}

axalloc_stats_t axalloc_stats(void)
{
	axalloc_stats_t stats = { .total_pages = s_total_pages };
	{
		SPIN_GUARD(&s_lock);
		stats.free_pages = page_allocator_free_pages(&s_pages);
	}
	axalloc_heap_stats(&stats);
	return stats;
}
