/* SPDX-License-Identifier: Apache-2.0 */
/* Integrity check: the map of every region against the free lists and the counters. */
#include <memory_addr/memory_addr.h>

#include "guard.h"
#include "layout.h"

typedef struct totals {
	size_t used_bytes;
	size_t free_bytes;
	size_t free_blocks;
} totals_t;

/* Order of the block at @p block as the map says; BUDDY_ORDERS where that cannot be. */
static unsigned sound_order(const buddy_t *self, buddy_region_t *region, uintptr_t block)
{
	uint8_t entry = *buddy_map_entry(self, region, block);
	uint8_t state = entry & (uint8_t)~MAP_ORDER;
	unsigned order = entry & MAP_ORDER;

	if ((state != MAP_USED && state != MAP_FREE) || order < self->min_order ||
	    order >= BUDDY_ORDERS)
		return BUDDY_ORDERS;
	if (!is_aligned(block, buddy_order_bytes(order)) ||
	    buddy_order_bytes(order) > region->end - block)
		return BUDDY_ORDERS;
	for (size_t i = 1; i < buddy_order_bytes(order) >> self->min_order; i++) {
		if (buddy_map_entry(self, region, block)[i])
			return BUDDY_ORDERS;
	}
	return order;
}

static bool region_is_sound(const buddy_t *self, buddy_region_t *region, totals_t *totals)
{
	for (uintptr_t block = region->base; block < region->end;) {
		unsigned order = sound_order(self, region, block);
		if (order == BUDDY_ORDERS)
			return false;
		if (*buddy_map_entry(self, region, block) & MAP_FREE) {
			totals->free_bytes += buddy_order_bytes(order);
			totals->free_blocks++;
		} else {
			totals->used_bytes += buddy_order_bytes(order);
		}
		block += buddy_order_bytes(order);
	}
	return true;
}

static bool list_is_sound(const buddy_t *self, unsigned order, size_t *free_blocks)
{
	const list_t *list = &self->free_blocks[order];

	if ((self->non_empty >> order & 1) == list_is_empty(list))
		return false;
	list_for_each(node, list) {
		buddy_region_t *region = buddy_region_of(self, (uintptr_t)node);
		if (*free_blocks == 0 || !region)
			return false; /* more than the walk found: a loop, or a wild link */
		if (*buddy_map_entry(self, region, (uintptr_t)node) != (MAP_FREE | order) ||
		    node->next->prev != node)
			return false;
		--*free_blocks;
	}
	return true;
}

ax_err_t buddy_raw_check(const buddy_t *self)
{
	totals_t totals = { 0 };

	for (buddy_region_t *region = self->regions; region; region = region->next) {
		if (!region_is_sound(self, region, &totals))
			return AX_ERR_BAD_STATE;
	}
	for (unsigned order = 0; order < BUDDY_ORDERS; order++) {
		if (!list_is_sound(self, order, &totals.free_blocks))
			return AX_ERR_BAD_STATE;
	}
	if (totals.free_blocks || totals.used_bytes != self->used_bytes ||
	    totals.free_bytes != buddy_free_bytes(self))
		return AX_ERR_BAD_STATE;
	return AX_OK;
}

bool buddy_raw_each_used(const buddy_t *self, bool (*visit)(void *block, size_t bytes, void *context),
			 void *context)
{
	for (buddy_region_t *region = self->regions; region; region = region->next) {
		for (uintptr_t block = region->base; block < region->end;) {
			uint8_t entry = *buddy_map_entry(self, region, block);
			size_t bytes = buddy_order_bytes(entry & MAP_ORDER);
			if ((entry & MAP_USED) && !visit((void *)block, bytes, context))
				return false;
			block += bytes;
		}
	}
	return true;
}

static bool visit_guard(void *block, size_t bytes, void *context)
{
	(void)bytes;
	(void)context;
	return buddy_guard_is_intact(block);
}

ax_err_t buddy_check(buddy_t *self)
{
	ax_err_t error = buddy_raw_check(self);

	if (!error && !buddy_raw_each_used(self, visit_guard, NULL))
		error = AX_ERR_BAD_STATE;
	return error;
}
