/* SPDX-License-Identifier: Apache-2.0 */
/* Growing a tree of extents; see extent.c. */
#include "extent.h"

#include <memstr/memstr.h>

static extent_t make_extent(uint32_t logical, uint32_t length, uint64_t physical, bool is_unwritten)
{
	return (extent_t){
		.first = logical,
		.length = (uint16_t)(length + (is_unwritten ? EXTENT_BLOCKS_MAX : 0)),
		.start_hi = (uint16_t)(physical >> 32),
		.start_lo = (uint32_t)physical,
	};
}

/* A block for a node, near the inode's others. */
static ax_err_t node_make(extfs_inode_t *inode, uint32_t logical, uint32_t depth, buffer_t **buffer)
{
	extfs_t *self = volume_of(inode);
	uint32_t one = 1;
	uint64_t block;
	ax_err_t error = blocks_allocate(self, map_goal(inode, logical), &one, &block);
	if (error)
		return error;
	error = buffer_get_new(self, block, KIND_EXTENTS, buffer);
	if (error)
		return error;
	(*buffer)->seed = inode->seed;
	*(extent_header_t *)(*buffer)->data = (extent_header_t){
		.magic = EXTENT_MAGIC,
		.max = (uint16_t)((self->block_bytes - sizeof(extent_header_t)) / sizeof(extent_t)),
		.depth = (uint16_t)depth,
	};
	buffer_change(*buffer);
	inode_add_blocks(inode, 1);
	return AX_OK;
}

static void set_index(extent_index_t *index, uint32_t first, uint64_t block)
{
	*index = (extent_index_t){ .first = first, .leaf_lo = (uint32_t)block, .leaf_hi = (uint16_t)(block >> 32) };
}

/* One level more: the root's entries move to a block, which the root then points to. */
static ax_err_t grow(extfs_inode_t *inode, uint32_t logical)
{
	extent_header_t *root = extent_root(inode);
	buffer_t *buffer;
	if (root->depth == EXTENT_DEPTH_MAX)
		return AX_ERR_FILE_TOO_BIG;
	ax_err_t error = node_make(inode, logical, root->depth, &buffer);
	if (error)
		return error;
	extent_header_t *node = (extent_header_t *)buffer->data;
	node->entries = root->entries;
	memcpy(node + 1, root + 1, (size_t)root->entries * sizeof(extent_t));
	set_index(indices_of(root), extents_of(node)[0].first, buffer->block);
	root->entries = 1;
	root->depth++;
	inode_change(inode);
	buffer_put(buffer);
	return AX_OK;
}

/* The node at @p level is full and its parent is not: its upper half, or, where it grows at its end, its last entry, goes
 * to a new node. */
static ax_err_t split(extfs_inode_t *inode, extent_path_t *path, uint32_t level, uint32_t logical)
{
	extent_level_t *at = &path->level[level], *parent = &path->level[level - 1];
	buffer_t *buffer;
	ax_err_t error = node_make(inode, logical, at->header->depth, &buffer);
	if (error)
		return error;
	extent_header_t *node = (extent_header_t *)buffer->data, *from = at->header;
	const uint32_t moved = at->position == from->entries - 1u ? 1 : from->entries / 2u;
	from->entries = (uint16_t)(from->entries - moved);
	node->entries = (uint16_t)moved;
	memcpy(node + 1, extents_of(from) + from->entries, moved * sizeof(extent_t));
	extent_level_change(at);

	extent_index_t *index = indices_of(parent->header) + parent->position + 1;
	memmove(index + 1, index, (parent->header->entries - parent->position - 1) * sizeof *index);
	set_index(index, extents_of(node)[0].first, buffer->block);
	parent->header->entries++;
	extent_level_change(parent);
	inode_change(inode);
	buffer_put(buffer);
	return AX_OK;
}

static bool is_full(const extent_level_t *level)
{
	return level->header->entries == level->header->max;
}

/* The path to @p logical, with room for an entry in its leaf. */
static ax_err_t make_room(extfs_inode_t *inode, uint32_t logical, extent_path_t *path)
{
	for (;;) {
		ax_err_t error = extent_path_find(inode, logical, path);
		if (error)
			return error;
		uint32_t level = path->depth;
		if (!is_full(&path->level[level]))
			return AX_OK;
		while (level && is_full(&path->level[level]))
			level--;
		/* a node of one entry cannot be split: no volume of ours has such small ones */
		if (is_full(&path->level[level]))
			error = grow(inode, logical);
		else if (path->level[level + 1].header->entries < 2)
			error = extfs_damaged(volume_of(inode), "extent tree of inode", inode->node.number);
		else
			error = split(inode, path, level + 1, logical);
		extent_path_put(path);
		if (error)
			return error;
	}
}

/* The parents' keys follow when a leaf's first entry begins earlier than before. */
static void lower_keys(extent_path_t *path, uint32_t logical)
{
	for (uint32_t level = path->depth; level-- > 0;) {
		extent_index_t *index = &indices_of(path->level[level].header)[path->level[level].position];
		if (index->first <= logical)
			return;
		index->first = logical;
		extent_level_change(&path->level[level]);
	}
}

/* Into a leaf with room, at its place. */
static void put_in(extfs_inode_t *inode, extent_path_t *path, extent_t extent)
{
	extent_level_t *leaf = &path->level[path->depth];
	const uint32_t position = leaf->is_before || !leaf->header->entries ? 0 : leaf->position + 1;
	extent_t *at = extents_of(leaf->header) + position;
	memmove(at + 1, at, (leaf->header->entries - position) * sizeof *at);
	*at = extent;
	leaf->header->entries++;
	extent_level_change(leaf);
	lower_keys(path, extent.first);
	inode_change(inode);
}

/* Make one of @p extent and its neighbour, if they follow each other in the file and on the disk. */
static bool merge(extent_t *left, const extent_t *right)
{
	const uint32_t length = extent_length(left), more = extent_length(right);
	if (extent_is_unwritten(left) || extent_is_unwritten(right) || left->first + length != right->first ||
	    extent_start(left) + length != extent_start(right) || length + more > EXTENT_BLOCKS_MAX)
		return false;
	left->length = (uint16_t)(length + more);
	return true;
}

static bool merge_in(extfs_inode_t *inode, extent_path_t *path, const extent_t *extent)
{
	extent_level_t *leaf = &path->level[path->depth];
	const uint32_t next = leaf->is_before ? 0 : leaf->position + 1;
	extent_t *all = extents_of(leaf->header), whole = *extent;
	bool merged = false;
	if (leaf->header->entries && !leaf->is_before)
		merged = merge(&all[leaf->position], extent);
	if (!merged && next < leaf->header->entries && merge(&whole, &all[next])) {
		all[next] = whole;
		lower_keys(path, whole.first);
		merged = true;
	}
	if (merged) {
		extent_level_change(leaf);
		inode_change(inode);
	}
	return merged;
}

ax_err_t extent_insert(extfs_inode_t *inode, uint32_t logical, uint32_t count, uint64_t physical)
{
	const extent_t extent = make_extent(logical, count, physical, false);
	extent_path_t path;
	ax_err_t error = extent_path_find(inode, logical, &path);
	if (error)
		return error;
	const bool merged = merge_in(inode, &path, &extent);
	extent_path_put(&path);
	if (merged)
		return AX_OK;
	error = make_room(inode, logical, &path);
	if (error)
		return error;
	put_in(inode, &path, extent);
	extent_path_put(&path);
	return AX_OK;
}

/* Shorten the unwritten extent that covers @p logical - 1 and @p logical so that it ends there; the rest becomes one of
 * its own, written or not. */
static ax_err_t divide(extfs_inode_t *inode, uint32_t logical, bool rest_is_unwritten)
{
	extent_path_t path;
	ax_err_t error = make_room(inode, logical, &path);
	if (error)
		return error;
	extent_level_t *leaf = &path.level[path.depth];
	extent_t *extent = &extents_of(leaf->header)[leaf->position];
	const uint32_t kept = logical - extent->first, rest = extent_length(extent) - kept;
	const extent_t divided = make_extent(logical, rest, extent_start(extent) + kept, rest_is_unwritten);
	*extent = make_extent(extent->first, kept, extent_start(extent), true);
	put_in(inode, &path, divided);
	extent_path_put(&path);
	return AX_OK;
}

/* Blocks that were allocated without contents are going to be written: [logical, logical + *count), as far as the extent. */
ax_err_t extent_set_written(extfs_inode_t *inode, uint32_t logical, uint32_t *count)
{
	extent_path_t path;
	ax_err_t error = extent_path_find(inode, logical, &path);
	if (error)
		return error;
	extent_t extent = extents_of(path.level[path.depth].header)[path.level[path.depth].position];
	extent_path_put(&path);
	const uint32_t end = extent.first + extent_length(&extent);
	*count = AX_MIN(*count, end - logical);
	if (logical + *count < end)
		error = divide(inode, logical + *count, true);
	if (error)
		return error;
	if (extent.first < logical)
		return divide(inode, logical, false);
	error = extent_path_find(inode, logical, &path);
	if (error)
		return error;
	extent_t *at = &extents_of(path.level[path.depth].header)[path.level[path.depth].position];
	*at = make_extent(at->first, extent_length(at), extent_start(at), false);
	extent_level_change(&path.level[path.depth]);
	extent_path_put(&path);
	inode_change(inode);
	return AX_OK;
}
