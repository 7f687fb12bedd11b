/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The block map of ext2: 12 pointers in the inode, then a block of pointers, one of those, and one of those. A pointer of
 * 0 is a hole. Source: ext4 documentation, "Direct/Indirect Block Addressing".
 */
#include "volume.h"

#include <memstr/memstr.h>

enum { LEVELS_MAX = 3, CUT_STEP_BLOCKS = 256 };

/* The way to a block: an index for each level, the inode's first. */
typedef struct block_path {
	uint32_t index[LEVELS_MAX + 1];
	uint32_t levels; /* blocks of pointers on the way */
} block_path_t;

static uint32_t pointers_shift(const extfs_t *self)
{
	return self->block_shift - 2;
}

uint64_t blockmap_max_blocks(const extfs_t *self)
{
	const uint64_t pointers = 1ull << pointers_shift(self);
	return DIRECT_BLOCKS + pointers + pointers * pointers + pointers * pointers * pointers;
}

static bool path_to(const extfs_t *self, uint32_t logical, block_path_t *path)
{
	const uint32_t shift = pointers_shift(self);
	uint64_t rest = logical;
	if (rest < DIRECT_BLOCKS) {
		*path = (block_path_t){ .index = { logical } };
		return true;
	}
	rest -= DIRECT_BLOCKS;
	for (uint32_t levels = 1; levels <= LEVELS_MAX; levels++) {
		if (rest < 1ull << shift * levels) {
			path->levels = levels;
			path->index[0] = DIRECT_BLOCKS + levels - 1;
			for (uint32_t i = 1; i <= levels; i++)
				path->index[i] = (uint32_t)(rest >> shift * (levels - i)) & ((1u << shift) - 1);
			return true;
		}
		rest -= 1ull << shift * levels;
	}
	return false;
}

static ax_err_t pointers_get(extfs_t *self, uint32_t block, buffer_t **buffer)
{
	if (!blocks_are_valid(self, block, 1))
		return extfs_damaged(self, "block number", block);
	return buffer_get(self, block, KIND_POINTERS, buffer);
}

/* Pointers in a row from @p at on that name blocks in a row, or, from a 0 on, are 0; at most @p most. */
static uint32_t run_of(const uint32_t *at, uint32_t most)
{
	uint32_t count = 1;
	while (count < most && at[count] == (at[0] ? at[0] + count : 0))
		count++;
	return count;
}

ax_err_t blockmap_find(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical)
{
	extfs_t *self = volume_of(inode);
	block_path_t path = { 0 };
	buffer_t *buffer = NULL;
	if (!path_to(self, logical, &path))
		return AX_ERR_FILE_TOO_BIG;
	const uint32_t *pointers = inode->raw.block;
	uint32_t end = path.levels ? INODE_BLOCKS : DIRECT_BLOCKS;
	for (uint32_t level = 0; level < path.levels; level++) {
		const uint32_t next = pointers[path.index[level]];
		if (buffer)
			buffer_put(buffer);
		if (!next) { /* a hole as large as what would hang below, from here on */
			const uint64_t below = 1ull << pointers_shift(self) * (path.levels - level);
			uint64_t inside = 0;
			for (uint32_t i = level + 1; i <= path.levels; i++)
				inside |= (uint64_t)path.index[i] << pointers_shift(self) * (path.levels - i);
			*count = (uint32_t)AX_MIN(below - inside, (uint64_t)*count);
			*physical = 0;
			return AX_OK;
		}
		ax_err_t error = pointers_get(self, next, &buffer);
		if (error)
			return error;
		pointers = (const uint32_t *)buffer->data;
		end = 1u << pointers_shift(self);
	}
	const uint32_t *at = pointers + path.index[path.levels];
	*count = run_of(at, AX_MIN(*count, end - path.index[path.levels]));
	*physical = *at;
	if (buffer)
		buffer_put(buffer);
	if (*physical && !blocks_are_valid(self, *physical, *count))
		return extfs_damaged(self, "block number", *physical);
	return AX_OK;
}

/* A block of pointers, all 0. */
static ax_err_t make_pointers(extfs_inode_t *inode, uint64_t goal, uint32_t *block, buffer_t **buffer)
{
	extfs_t *self = volume_of(inode);
	uint32_t one = 1;
	uint64_t first;
	ax_err_t error = blocks_allocate(self, goal, &one, &first);
	if (error)
		return error;
	if (first > UINT32_MAX) {
		error = blocks_free(self, first, 1, true);
		return error ? error : AX_ERR_NO_SPACE;
	}
	error = buffer_get_new(self, first, KIND_POINTERS, buffer);
	if (error)
		return error;
	buffer_change(*buffer);
	inode_add_blocks(inode, 1);
	*block = (uint32_t)first;
	return AX_OK;
}

/* The pointers that @p logical has its own among, with what is missing on the way; NULL buffer: the inode's. */
static ax_err_t pointers_make(extfs_inode_t *inode, uint32_t logical, const block_path_t *path, buffer_t **out)
{
	extfs_t *self = volume_of(inode);
	buffer_t *buffer = NULL;
	uint32_t *pointers = inode->raw.block;
	for (uint32_t level = 0; level < path->levels; level++) {
		buffer_t *next;
		uint32_t *at = pointers + path->index[level];
		const bool is_missing = !*at;
		uint32_t block;
		ax_err_t error = is_missing ? make_pointers(inode, map_goal(inode, logical), &block, &next)
					    : pointers_get(self, *at, &next);
		if (!error && is_missing) {
			*at = block;
			if (buffer)
				buffer_change(buffer);
		}
		if (buffer)
			buffer_put(buffer);
		if (error)
			return error;
		buffer = next;
		pointers = (uint32_t *)buffer->data;
	}
	*out = buffer;
	return AX_OK;
}

/* On a full volume a block of pointers may stay, with nothing in it: it is the file's, and goes with it. */
ax_err_t blockmap_allocate(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical)
{
	extfs_t *self = volume_of(inode);
	block_path_t path = { 0 };
	buffer_t *buffer;
	if (!path_to(self, logical, &path))
		return AX_ERR_FILE_TOO_BIG;
	ax_err_t error = pointers_make(inode, logical, &path, &buffer);
	if (error)
		return error;
	uint32_t *at = (buffer ? (uint32_t *)buffer->data : inode->raw.block) + path.index[path.levels];
	const uint32_t end = buffer ? 1u << pointers_shift(self) : DIRECT_BLOCKS;
	*count = run_of(at, AX_MIN(*count, end - path.index[path.levels]));
	error = blocks_allocate(self, map_goal(inode, logical), count, physical);
	if (!error && *physical + *count > (uint64_t)UINT32_MAX + 1) {
		error = blocks_free(self, *physical, *count, false);
		if (!error)
			error = AX_ERR_NO_SPACE;
	}
	for (uint32_t i = 0; !error && i < *count; i++)
		at[i] = (uint32_t)*physical + i;
	if (buffer) {
		buffer_change(buffer);
		buffer_put(buffer);
	}
	if (!error)
		inode_add_blocks(inode, *count);
	return error;
}

/* Free pointers [from, end), whose blocks are data, as runs. */
static ax_err_t cut_data(extfs_inode_t *inode, uint32_t *pointers, uint32_t from, uint32_t end, bool is_metadata)
{
	extfs_t *self = volume_of(inode);
	while (from < end) {
		const uint32_t run = run_of(pointers + from, end - from);
		if (pointers[from]) {
			ax_err_t error = blocks_free(self, pointers[from], run, is_metadata);
			if (error)
				return error;
			inode_add_blocks(inode, -(int64_t)run);
		}
		memset(pointers + from, 0, run * sizeof *pointers);
		from += run;
	}
	return AX_OK;
}

/* Below pointer *at, which has @p levels of pointers below it: free the blocks [from, to) of those it leads to, and the
 * blocks of pointers that are empty then. */
static ax_err_t cut_tree(extfs_inode_t *inode, uint32_t *at, uint32_t levels, uint64_t from, uint64_t to)
{
	extfs_t *self = volume_of(inode);
	buffer_t *buffer;
	if (!*at || from >= to)
		return AX_OK;
	ax_err_t error = pointers_get(self, *at, &buffer);
	if (error)
		return error;
	uint32_t *pointers = (uint32_t *)buffer->data;
	const uint32_t shift = pointers_shift(self) * (levels - 1);
	if (levels == 1) {
		error = cut_data(inode, pointers, (uint32_t)from, (uint32_t)to, vfs_is_directory(&inode->node));
	} else {
		for (uint64_t i = from >> shift; i << shift < to && !error; i++) {
			const uint64_t start = i << shift, size = 1ull << shift;
			error = cut_tree(inode, pointers + i, levels - 1, from > start ? from - start : 0,
					 AX_MIN(to - start, size));
		}
	}
	bool is_empty = true;
	for (uint32_t i = 0; i < 1u << pointers_shift(self) && is_empty; i++)
		is_empty = !pointers[i];
	buffer_change(buffer);
	buffer_put(buffer);
	if (error || !is_empty)
		return error;
	error = blocks_free(self, *at, 1, true);
	inode_add_blocks(inode, -1);
	*at = 0;
	return error;
}

static ax_err_t cut_range(extfs_inode_t *inode, uint64_t from, uint64_t to)
{
	const extfs_t *self = volume_of(inode);
	ax_err_t error = AX_OK;
	if (from < DIRECT_BLOCKS)
		error = cut_data(inode, inode->raw.block, (uint32_t)from, (uint32_t)AX_MIN(to, (uint64_t)DIRECT_BLOCKS),
				 vfs_is_directory(&inode->node));
	uint64_t start = DIRECT_BLOCKS;
	for (uint32_t levels = 1; levels <= LEVELS_MAX && !error; levels++) {
		const uint64_t size = 1ull << pointers_shift(self) * levels;
		if (to > start && from < start + size)
			error = cut_tree(inode, &inode->raw.block[DIRECT_BLOCKS + levels - 1], levels,
					 from > start ? from - start : 0, AX_MIN(to - start, size));
		start += size;
	}
	return error;
}

/* Behind which block there is none, by what the inode itself says. */
static uint64_t mapped_end(const extfs_inode_t *inode)
{
	const extfs_t *self = volume_of(inode);
	uint64_t end = DIRECT_BLOCKS, start = DIRECT_BLOCKS;
	for (uint32_t levels = 1; levels <= LEVELS_MAX; levels++) {
		start += 1ull << pointers_shift(self) * levels;
		if (inode->raw.block[DIRECT_BLOCKS + levels - 1])
			end = start;
	}
	return end;
}

/* From the end on backwards in steps that fit a transaction. */
ax_err_t blockmap_cut(extfs_inode_t *inode, uint32_t logical, bool *is_done)
{
	extfs_t *self = volume_of(inode);
	uint64_t end = inode->cut_end ? inode->cut_end : mapped_end(inode);
	ax_err_t error = AX_OK;
	*is_done = false;
	while (!error && end > logical) {
		if (self->freed_count + OPERATION_FREED_MAX > FREED_MAX || self->transaction_count > self->transaction_max) {
			inode->cut_end = end;
			return AX_OK;
		}
		const uint64_t step = end > logical + (uint64_t)CUT_STEP_BLOCKS ? end - CUT_STEP_BLOCKS : logical;
		error = cut_range(inode, step, end);
		end = step;
	}
	inode->cut_end = 0;
	inode_change(inode);
	*is_done = true;
	return error;
}
