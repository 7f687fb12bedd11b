/* SPDX-License-Identifier: Apache-2.0 */
/* Where the blocks of a file are: by extents, or by block pointers as ext2 has them. */
#include "volume.h"

#include <memstr/memstr.h>

static bool has_extents(const extfs_inode_t *inode)
{
	return inode->raw.flags & INODE_EXTENTS;
}

void map_init(extfs_inode_t *inode)
{
	if (volume_of(inode)->has_extents && (vfs_is_regular(&inode->node) || vfs_is_directory(&inode->node)))
		extent_init(inode);
}

/* Logical block numbers have 32 bits, and the last one stands for "none". */
uint64_t map_max_bytes(const extfs_inode_t *inode)
{
	const extfs_t *self = volume_of(inode);
	const uint64_t most = has_extents(inode) ? UINT32_MAX : AX_MIN(blockmap_max_blocks(self), (uint64_t)UINT32_MAX);
	return most << self->block_shift;
}

ax_err_t map_find(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical)
{
	bool is_unwritten = false;
	ax_err_t error = has_extents(inode) ? extent_find(inode, logical, count, physical, &is_unwritten)
					    : blockmap_find(inode, logical, count, physical);
	if (!error && is_unwritten)
		*physical = 0;
	return error;
}

/* Behind the last block of this file if it goes on there, else in the inode's group. */
uint64_t map_goal(const extfs_inode_t *inode, uint32_t logical)
{
	const extfs_t *self = volume_of(inode);
	if (inode->last_physical && logical >= inode->last_logical)
		return inode->last_physical + (logical - inode->last_logical);
	return group_first_block(self, (uint32_t)(inode->node.number - 1) / self->super.inodes_per_group);
}

static ax_err_t allocate_extent(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical)
{
	extfs_t *self = volume_of(inode);
	*count = AX_MIN(*count, (uint32_t)EXTENT_BLOCKS_MAX);
	ax_err_t error = blocks_allocate(self, map_goal(inode, logical), count, physical);
	if (error)
		return error;
	error = extent_insert(inode, logical, *count, *physical);
	if (error == AX_ERR_NO_SPACE) { /* for the tree itself */
		ax_err_t undone = blocks_free(self, *physical, *count, false);
		return undone ? undone : error;
	}
	if (!error)
		inode_add_blocks(inode, *count);
	return error;
}

ax_err_t map_find_or_allocate(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical, bool *is_new)
{
	const uint32_t wanted = *count;
	bool is_unwritten = false;
	ax_err_t error = has_extents(inode) ? extent_find(inode, logical, count, physical, &is_unwritten)
					    : blockmap_find(inode, logical, count, physical);
	*is_new = false;
	if (error || (*physical && !is_unwritten))
		return error;
	*count = AX_MIN(*count, wanted);
	*is_new = true;
	if (is_unwritten)
		return extent_set_written(inode, logical, count);
	error = has_extents(inode) ? allocate_extent(inode, logical, count, physical)
				   : blockmap_allocate(inode, logical, count, physical);
	if (!error) {
		inode->last_logical = logical + *count;
		inode->last_physical = *physical + *count;
	}
	return error;
}

ax_err_t map_cut(extfs_inode_t *inode, uint32_t logical, bool *is_done)
{
	inode->last_physical = 0;
	return has_extents(inode) ? extent_cut(inode, logical, is_done) : blockmap_cut(inode, logical, is_done);
}
