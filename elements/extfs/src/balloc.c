/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks: allocation by first fit from a goal on, group by group. What is freed is noted and leaves the bitmaps with the
 * commit (blocks_apply_freed()): nothing can be written over what the disk still refers to.
 */
#include "bitmap.h"
#include "volume.h"

#include <memstr/memstr.h>

bool blocks_are_valid(const extfs_t *self, uint64_t first, uint64_t count)
{
	return first > self->super.first_data_block && first < self->blocks_count && count <= self->blocks_count - first;
}

/* The part of [first, first + count) that lies in the group, as bits of its bitmap. */
static void mark_range(const extfs_t *self, uint8_t *bitmap, uint32_t index, uint64_t first, uint64_t count)
{
	const uint64_t start = group_first_block(self, index), end = start + group_blocks(self, index);
	const uint64_t from = AX_MAX(first, start), to = AX_MIN(first + count, end);
	if (from < to)
		bits_set(bitmap, (uint32_t)(from - start), (uint32_t)(to - from));
}

/* A bitmap that was never written: the group's own metadata is in use, and what is past the end of the volume. */
static void make_bitmap(const extfs_t *self, uint32_t index, const group_t *group, uint8_t *bitmap)
{
	const uint32_t blocks = group_blocks(self, index), base = group_base_blocks(self, index);
	bits_set(bitmap, 0, AX_MIN(base, blocks));
	mark_range(self, bitmap, index, group_block_bitmap(self, group), 1);
	mark_range(self, bitmap, index, group_inode_bitmap(self, group), 1);
	mark_range(self, bitmap, index, group_inode_table(self, group), group_inode_blocks(self));
	bits_set(bitmap, blocks, self->block_bytes * 8 - blocks);
}

static ax_err_t enter(extfs_t *self, uint32_t index, group_bitmap_t *at)
{
	ax_err_t error = group_bitmap_enter(self, index, true, at);
	if (!error && at->is_unwritten)
		make_bitmap(self, index, at->group, at->bitmap->data);
	return error;
}

static void change(extfs_t *self, const group_bitmap_t *at, int64_t freed)
{
	group_t *group = at->group;
	const uint32_t free_blocks = group_count_of(self, &group->free_blocks_count_lo, &group->free_blocks_count_hi);
	group_count_set(self, &group->free_blocks_count_lo, &group->free_blocks_count_hi, (uint32_t)(free_blocks + freed));
	self->free_blocks = (uint64_t)((int64_t)self->free_blocks + freed);
	group_bitmap_change(self, at);
}

/* A run in the group from bit @p from on; *count 0: there is none. */
static ax_err_t allocate_in(extfs_t *self, uint32_t index, uint32_t from, uint32_t *count, uint64_t *first)
{
	group_bitmap_t at;
	ax_err_t error = enter(self, index, &at);
	if (error)
		return error;
	const uint32_t end = group_blocks(self, index), wanted = *count;
	const uint32_t free_blocks = group_count_of(self, &at.group->free_blocks_count_lo, &at.group->free_blocks_count_hi);
	const uint32_t bit = bits_find_clear(at.bitmap->data, from, end);
	*count = 0;
	while (*count < wanted && *count < free_blocks && bit + *count < end && !bit_is_set(at.bitmap->data, bit + *count))
		++*count;
	*first = group_first_block(self, index) + bit;
	if (*count && !blocks_are_valid(self, *first, *count)) {
		error = extfs_damaged(self, "block bitmap of group", index);
	} else if (*count) {
		bits_set(at.bitmap->data, bit, *count);
		change(self, &at, -(int64_t)*count);
	}
	group_bitmap_leave(&at);
	return error;
}

ax_err_t blocks_allocate(extfs_t *self, uint64_t goal, uint32_t *count, uint64_t *first)
{
	const uint32_t wanted = *count;
	if (!blocks_are_valid(self, goal, 1))
		goal = self->super.first_data_block + 1ull;
	const uint64_t start = goal - self->super.first_data_block;
	const uint32_t home = (uint32_t)(start / self->super.blocks_per_group);
	/* the goal's group comes last once more, for what lies before the goal */
	for (uint32_t i = 0; self->free_blocks && i <= self->group_count; i++) {
		buffer_t *descriptors;
		group_t *group;
		const uint32_t index = (uint32_t)(((uint64_t)home + i) % self->group_count);
		ax_err_t error = group_get(self, index, &descriptors, &group);
		if (error)
			return error;
		const bool is_full = !group_count_of(self, &group->free_blocks_count_lo, &group->free_blocks_count_hi);
		buffer_put(descriptors);
		if (is_full)
			continue;
		*count = wanted;
		error = allocate_in(self, index, i ? 0 : (uint32_t)(start % self->super.blocks_per_group), count, first);
		if (error || *count)
			return error;
	}
	return AX_ERR_NO_SPACE;
}

/* One group's part: its bitmap takes part in the transaction from now on. */
static ax_err_t free_in(extfs_t *self, uint32_t index, uint64_t first, uint32_t count)
{
	group_bitmap_t at;
	ax_err_t error = enter(self, index, &at);
	if (error)
		return error;
	const uint32_t bit = (uint32_t)(first - group_first_block(self, index));
	for (uint32_t i = 0; i < count && !error; i++) {
		if (!bit_is_set(at.bitmap->data, bit + i))
			error = extfs_damaged(self, "a free block is freed", first + i);
	}
	if (!error) {
		buffer_change(at.bitmap);
		buffer_change(at.descriptors);
	}
	group_bitmap_leave(&at);
	return error;
}

ax_err_t blocks_free(extfs_t *self, uint64_t first, uint64_t count, bool is_metadata)
{
	if (!count)
		return AX_OK;
	if (!blocks_are_valid(self, first, count))
		return extfs_damaged(self, "block number", first);
	for (uint64_t block = first; block < first + count;) {
		const uint32_t index = (uint32_t)((block - self->super.first_data_block) / self->super.blocks_per_group);
		const uint64_t end = AX_MIN(first + count, group_first_block(self, index) + group_blocks(self, index));
		ax_err_t error = free_in(self, index, block, (uint32_t)(end - block));
		if (error)
			return error;
		block = end;
	}
	if (!is_metadata)
		buffers_forget_data(self, first, count);
	for (uint64_t i = 0; is_metadata && i < count; i++)
		buffer_forget(self, first + i);
	self->changes++;
	self->pending_blocks += count;
	block_range_t *last = self->freed_count ? &self->freed[self->freed_count - 1] : NULL;
	if (last && last->first + last->count == first)
		last->count += count;
	else if (last && first + count == last->first)
		*last = (block_range_t){ first, last->count + count };
	else if (self->freed_count < FREED_MAX)
		self->freed[self->freed_count++] = (block_range_t){ first, count };
	else
		return AX_ERR_BAD_STATE;
	return AX_OK;
}

ax_err_t blocks_apply_freed(extfs_t *self)
{
	for (uint32_t i = 0; i < self->freed_count; i++) {
		const block_range_t range = self->freed[i];
		for (uint64_t block = range.first; block < range.first + range.count;) {
			group_bitmap_t at;
			const uint32_t index =
				(uint32_t)((block - self->super.first_data_block) / self->super.blocks_per_group);
			const uint64_t start = group_first_block(self, index);
			const uint64_t end = AX_MIN(range.first + range.count, start + group_blocks(self, index));
			ax_err_t error = enter(self, index, &at);
			if (error)
				return error;
			int64_t freed = 0;
			for (; block < end; block++) {
				/* of a damaged volume it may have been freed twice */
				freed += bit_is_set(at.bitmap->data, (uint32_t)(block - start));
				bit_clear(at.bitmap->data, (uint32_t)(block - start));
			}
			change(self, &at, freed);
			group_bitmap_leave(&at);
		}
	}
	self->freed_count = 0;
	self->pending_blocks = 0;
	return AX_OK;
}
