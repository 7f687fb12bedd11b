/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Splitting and joining of blocks. List nodes lie where the user's objects of any type were: the compiler barriers
 * keep the user's accesses on their side of alloc and free when these are inlined by link-time optimization.
 */
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>

#include "layout.h"

/* The order of the smallest block of @p size bytes at @p align; BUDDY_ORDERS where there is none. */
static unsigned order_for(const buddy_t *self, size_t size, size_t align)
{
	size_t bytes = AX_MAX(AX_MAX(size, align), buddy_order_bytes(self->min_order));

	if (!is_power_of_two(align) || bytes > buddy_order_bytes(BUDDY_ORDERS - 1))
		return BUDDY_ORDERS;
	return 64 - (unsigned)__builtin_clzl(bytes - 1);
}

/* The map entry of @p pointer's block with the region it lies in; NULL where it is the start of no block in use. */
static uint8_t *used_entry(const buddy_t *self, void *pointer, buddy_region_t **region)
{
	*region = buddy_region_of(self, (uintptr_t)pointer);
	if (!*region || !is_aligned((uintptr_t)pointer, buddy_order_bytes(self->min_order)))
		return NULL;

	uint8_t *entry = buddy_map_entry(self, *region, (uintptr_t)pointer);
	return *entry & MAP_USED ? entry : NULL;
}

/* Free the upper halves of @p block until it has @p want order. */
static void split(buddy_t *self, buddy_region_t *region, uintptr_t block, unsigned order,
		  unsigned want)
{
	while (order > want) {
		order--;
		buddy_insert(self, region, block + buddy_order_bytes(order), order);
	}
	*buddy_map_entry(self, region, block) = (uint8_t)(MAP_USED | order);
}

void *buddy_raw_alloc(buddy_t *self, size_t size, size_t align)
{
	unsigned want = order_for(self, size, align);

	if (want == BUDDY_ORDERS || !(self->non_empty >> want))
		return NULL;

	unsigned order = want + (unsigned)__builtin_ctzll(self->non_empty >> want);
	uintptr_t block = (uintptr_t)list_first(&self->free_blocks[order]);
	buddy_region_t *region = buddy_region_of(self, block);
	buddy_take(self, region, block, order);
	split(self, region, block, order, want);
	self->used_bytes += buddy_order_bytes(want);
	ax_compiler_barrier();
	return (void *)block;
}

/* Whether the block of @p order at @p block lies in @p region whole, and free. */
static bool is_free(const buddy_t *self, buddy_region_t *region, uintptr_t block, unsigned order)
{
	return block >= region->base && block < region->end &&
	       *buddy_map_entry(self, region, block) == (MAP_FREE | order);
}

void buddy_raw_free(buddy_t *self, void *pointer)
{
	buddy_region_t *region;
	uint8_t *entry = used_entry(self, pointer, &region);

	if (!entry)
		return;
	ax_compiler_barrier();

	uintptr_t block = (uintptr_t)pointer;
	unsigned order = *entry & MAP_ORDER;
	*entry = 0;
	self->used_bytes -= buddy_order_bytes(order);
	for (; order < BUDDY_ORDERS - 1; order++) {
		uintptr_t other = block ^ buddy_order_bytes(order);
		if (!is_free(self, region, other, order))
			break;
		buddy_take(self, region, other, order);
		block = AX_MIN(block, other);
	}
	buddy_insert(self, region, block, order);
}

size_t buddy_raw_usable_size(const buddy_t *self, void *pointer)
{
	buddy_region_t *region;
	uint8_t *entry = used_entry(self, pointer, &region);

	return entry ? buddy_order_bytes(*entry & MAP_ORDER) : 0;
}

bool buddy_raw_resize(buddy_t *self, void *pointer, size_t size)
{
	buddy_region_t *region;
	uint8_t *entry = used_entry(self, pointer, &region);
	unsigned want = order_for(self, size, 1);
	uintptr_t block = (uintptr_t)pointer;

	if (!entry || want == BUDDY_ORDERS)
		return false;
	ax_compiler_barrier();

	unsigned old = *entry & MAP_ORDER;
	for (unsigned order = old; order < want; order++) {
		uintptr_t other = block ^ buddy_order_bytes(order);
		if (other < block || !is_free(self, region, other, order))
			return false;
	}
	for (unsigned order = old; order < want; order++)
		buddy_take(self, region, block ^ buddy_order_bytes(order), order);
	split(self, region, block, AX_MAX(old, want), want);
	self->used_bytes += buddy_order_bytes(want) - buddy_order_bytes(old);
	ax_compiler_barrier();
	return true;
}

void *buddy_raw_realloc(buddy_t *self, void *pointer, size_t size, size_t align)
{
	if (!pointer)
		return buddy_raw_alloc(self, size, align);
	if (!is_power_of_two(align))
		return NULL;
	if (is_aligned((uintptr_t)pointer, align) && buddy_raw_resize(self, pointer, size))
		return pointer;

	size_t old_size = buddy_raw_usable_size(self, pointer);
	void *moved = old_size ? buddy_raw_alloc(self, size, align) : NULL;
	if (!moved)
		return NULL;
	memcpy(moved, pointer, AX_MIN(old_size, size));
	buddy_raw_free(self, pointer);
	return moved;
}
