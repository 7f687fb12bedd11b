/* SPDX-License-Identifier: Apache-2.0 */
/* Integrity check: walks blocks and lists, and demands that both tell the same story. */
#include "guard.h"

typedef struct totals {
	size_t used_bytes;
	size_t free_bytes;
	size_t free_blocks;
} totals_t;

/* One block and its flags against @p prev_free, the free block in front or NULL. */
static bool block_is_sound(tlsf_block_t *block, tlsf_block_t *prev_free, size_t room_bytes)
{
	size_t bytes = tlsf_block_bytes(block);
	bool is_free = block->bytes_flags & TLSF_FREE;

	if (bytes < TLSF_BLOCK_MIN || !is_aligned(bytes, TLSF_GRANULE) || bytes > room_bytes)
		return false;
	if (!!(block->bytes_flags & TLSF_PREV_FREE) != (prev_free != NULL))
		return false;
	if (prev_free && (is_free || block->prev_physical != prev_free))
		return false;
	return is_free || tlsf_guard_is_intact(block);
}

static bool region_is_sound(tlsf_region_t *region, totals_t *totals)
{
	uintptr_t end = (uintptr_t)region + region->bytes - TLSF_PAYLOAD_OFFSET;
	tlsf_block_t *block = tlsf_block_at(region, sizeof *region);
	tlsf_block_t *prev_free = NULL;

	while ((uintptr_t)block != end) {
		if (!block_is_sound(block, prev_free, end - (uintptr_t)block))
			return false;
		prev_free = NULL;
		if (block->bytes_flags & TLSF_FREE) {
			prev_free = block;
			totals->free_bytes += tlsf_block_bytes(block);
			totals->free_blocks++;
		} else {
			totals->used_bytes += tlsf_block_bytes(block);
		}
		block = tlsf_block_next(block);
	}
	if (prev_free && block->prev_physical != prev_free)
		return false;
	return block->bytes_flags == (prev_free ? TLSF_PREV_FREE : 0);
}

static bool list_is_sound(const tlsf_t *self, tlsf_class_t class, size_t *free_blocks)
{
	const tlsf_block_t *prev = NULL;
	const tlsf_block_t *block = self->free_lists[class.first][class.second];
	bool has_bit = self->second_map[class.first] >> class.second & 1;

	if (has_bit != (block != NULL))
		return false;
	for (; block; prev = block, block = block->next_free) {
		if (*free_blocks == 0 || !tlsf_contains(self, &block->next_free))
			return false; /* more than the walk found: a loop, or a wild link */
		tlsf_class_t own = tlsf_class_of(tlsf_block_bytes(block));
		if (!(block->bytes_flags & TLSF_FREE) || block->prev_free != prev ||
		    own.first != class.first || own.second != class.second)
			return false;
		--*free_blocks;
	}
	return true;
}

ax_err_t tlsf_check(tlsf_t *self)
{
	totals_t totals = { 0 };

	for (tlsf_region_t *region = self->regions; region; region = region->next) {
		if (!region_is_sound(region, &totals))
			return AX_ERR_BAD_STATE;
	}
	for (unsigned first = 0; first < TLSF_FIRST_COUNT; first++) {
		if ((self->first_map >> first & 1) != !!self->second_map[first])
			return AX_ERR_BAD_STATE;
		for (unsigned second = 0; second < TLSF_SECOND_COUNT; second++) {
			if (!list_is_sound(self, (tlsf_class_t){ first, second }, &totals.free_blocks))
				return AX_ERR_BAD_STATE;
		}
	}
	if (totals.free_blocks || totals.used_bytes != self->used_bytes ||
	    totals.free_bytes != tlsf_free_bytes(self))
		return AX_ERR_BAD_STATE;
	return AX_OK;
}
