/* SPDX-License-Identifier: Apache-2.0 */
/* Regions: a header with the map, then the blocks, cut as large as their addresses allow. */
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>

#include "layout.h"

void buddy_init(buddy_t *self)
{
	buddy_init_with_min_order(self, BUDDY_MIN_ORDER);
}

void buddy_init_with_min_order(buddy_t *self, unsigned min_order)
{
	self->used_bytes = 0;
	self->total_bytes = 0;
	self->regions = NULL;
	self->min_order = min_order;
	self->non_empty = 0;
	for (unsigned order = 0; order < BUDDY_ORDERS; order++)
		list_init(&self->free_blocks[order]);
}

static bool overlaps(const buddy_t *self, uintptr_t start, uintptr_t end)
{
	for (const buddy_region_t *region = self->regions; region; region = region->next) {
		if (start < region->end && (uintptr_t)region < end)
			return true;
	}
	return false;
}

static void insert_blocks(buddy_t *self, buddy_region_t *region)
{
	uintptr_t block = region->base;

	while (block < region->end) {
		unsigned room = 63 - (unsigned)__builtin_clzl(region->end - block);
		unsigned order = AX_MIN((unsigned)__builtin_ctzl(block), room);
		order = AX_MIN(order, (unsigned)BUDDY_ORDERS - 1);
		buddy_insert(self, region, block, order);
		block += buddy_order_bytes(order);
	}
}

ax_err_t buddy_add_region(buddy_t *self, void *start, size_t size)
{
	size_t unit = buddy_order_bytes(self->min_order);
	uintptr_t begin = (uintptr_t)start;
	uintptr_t end;

	if (!start || !is_aligned(begin, 16) || size < BUDDY_MIN_REGION)
		return AX_ERR_INVALID_INPUT;
	if (size > UINTPTR_MAX / 2 || __builtin_add_overflow(begin, size, &end) ||
	    overlaps(self, begin, end))
		return AX_ERR_INVALID_INPUT;

	size_t map_bytes = size >> self->min_order;
	uintptr_t base = align_up(begin + sizeof(buddy_region_t) + map_bytes, unit);
	end = align_down(end, unit);
	if (base < begin || base >= end)
		return AX_ERR_INVALID_INPUT;

	buddy_region_t *region = start;
	*region = (buddy_region_t){ .next = self->regions, .base = base, .end = end };
	memset(region->map, 0, map_bytes);
	__atomic_store_n(&self->regions, region, __ATOMIC_RELEASE); /* who frees or asks for a size may be looking */
	self->total_bytes += end - base;
	insert_blocks(self, region);
	return AX_OK;
}

bool buddy_contains(const buddy_t *self, const void *pointer)
{
	return buddy_region_of(self, (uintptr_t)pointer) != NULL;
}
