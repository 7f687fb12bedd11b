/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regions, the map and the free lists. The map's entry of the smallest block that a block begins with holds the block's
 * state and order; all other entries are 0.
 */
#pragma once

#include <buddy_allocator/buddy_allocator.h>

struct buddy_region {
	buddy_region_t *next;
	uintptr_t base; /* of the first block */
	uintptr_t end;
	uint8_t map[];
};

enum {
	MAP_USED = 0x40,
	MAP_FREE = 0x80,
	MAP_ORDER = 0x3f,
};

static inline size_t buddy_order_bytes(unsigned order)
{
	return (size_t)1 << order;
}

/* The region that hands out the memory at @p address; NULL for none. */
static inline buddy_region_t *buddy_region_of(const buddy_t *self, uintptr_t address)
{
	buddy_region_t *region = self->regions;

	while (region && address - region->base >= region->end - region->base)
		region = region->next;
	return region;
}

static inline uint8_t *buddy_map_entry(const buddy_t *self, buddy_region_t *region, uintptr_t block)
{
	return &region->map[(block - region->base) >> self->min_order];
}

static inline void buddy_insert(buddy_t *self, buddy_region_t *region, uintptr_t block,
				unsigned order)
{
	*buddy_map_entry(self, region, block) = (uint8_t)(MAP_FREE | order);
	list_push_front(&self->free_blocks[order], (list_node_t *)block);
	self->non_empty |= UINT64_C(1) << order;
}

static inline void buddy_take(buddy_t *self, buddy_region_t *region, uintptr_t block, unsigned order)
{
	*buddy_map_entry(self, region, block) = 0;
	list_remove((list_node_t *)block);
	if (list_is_empty(&self->free_blocks[order]))
		self->non_empty &= ~(UINT64_C(1) << order);
}
