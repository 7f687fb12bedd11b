/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Extents: a tree whose leaves hold runs of blocks, sorted by logical block, and whose root is in the inode. Source: ext4
 * documentation, "Extent Tree".
 *
 * A run of the tree is a path from the root to a leaf. Before an entry is put in, extent_make_room() splits what is full on
 * the way, so that the insertion itself cannot fail. A tree is only ever cut at its end.
 */
#include "checksum.h"
#include "extent.h"
#include "volume.h"

#include <memstr/memstr.h>

extent_header_t *extent_root(extfs_inode_t *inode)
{
	return (extent_header_t *)inode->raw.block;
}

extent_t *extents_of(extent_header_t *header)
{
	return (extent_t *)(header + 1);
}

extent_index_t *indices_of(extent_header_t *header)
{
	return (extent_index_t *)(header + 1);
}

uint64_t extent_start(const extent_t *extent)
{
	return (uint64_t)extent->start_hi << 32 | extent->start_lo;
}

bool extent_is_unwritten(const extent_t *extent)
{
	return extent->length > EXTENT_BLOCKS_MAX;
}

uint32_t extent_length(const extent_t *extent)
{
	return extent_is_unwritten(extent) ? extent->length - EXTENT_BLOCKS_MAX : extent->length;
}

static uint64_t leaf_of(const extent_index_t *index)
{
	return (uint64_t)index->leaf_hi << 32 | index->leaf_lo;
}

static uint32_t capacity_of(const extfs_t *self)
{
	return (self->block_bytes - sizeof(extent_header_t)) / sizeof(extent_t);
}

static bool header_is_sound(const extent_header_t *header, uint32_t depth, uint32_t capacity)
{
	return header->magic == EXTENT_MAGIC && header->depth == depth && header->max && header->max <= capacity &&
	       header->entries <= header->max;
}

static bool entries_are_sound(const extfs_t *self, extent_header_t *header)
{
	uint64_t behind = 0; /* the last one, in logical blocks */
	for (uint32_t i = 0; i < header->entries; i++) {
		if (header->depth) {
			const extent_index_t *index = &indices_of(header)[i];
			if (index->first < behind || !blocks_are_valid(self, leaf_of(index), 1))
				return false;
			behind = index->first + 1ull;
		} else {
			const extent_t *extent = &extents_of(header)[i];
			const uint32_t length = extent_length(extent);
			if (extent->first < behind || !length || !blocks_are_valid(self, extent_start(extent), length))
				return false;
			behind = (uint64_t)extent->first + length;
		}
	}
	return behind <= UINT32_MAX;
}

static uint32_t *tail_of(buffer_t *buffer)
{
	const extent_header_t *header = (const extent_header_t *)buffer->data;
	return (uint32_t *)(buffer->data + sizeof *header + (size_t)header->max * sizeof(extent_t));
}

static uint32_t checksum_of(buffer_t *buffer)
{
	return crc32c(buffer->seed, buffer->data, (size_t)((uint8_t *)tail_of(buffer) - buffer->data));
}

void extent_seal(extfs_t *self, buffer_t *buffer)
{
	if (self->has_checksums)
		*tail_of(buffer) = checksum_of(buffer);
}

static ax_err_t node_get(extfs_inode_t *inode, uint64_t block, uint32_t depth, buffer_t **out)
{
	extfs_t *self = volume_of(inode);
	buffer_t *buffer;
	if (!blocks_are_valid(self, block, 1))
		return extfs_damaged(self, "block number", block);
	ax_err_t error = buffer_get(self, block, KIND_EXTENTS, &buffer);
	if (error)
		return error;
	extent_header_t *header = (extent_header_t *)buffer->data;
	bool is_sound = header_is_sound(header, depth, capacity_of(self)) && header->entries;
	if (is_sound && !buffer->is_checked) {
		buffer->seed = inode->seed;
		is_sound = entries_are_sound(self, header) &&
			   (!self->has_checksums || *tail_of(buffer) == checksum_of(buffer));
		buffer->is_checked = is_sound;
	}
	if (!is_sound || buffer->seed != inode->seed) {
		buffer_put(buffer);
		return extfs_damaged(self, "extent tree in block", block);
	}
	*out = buffer;
	return AX_OK;
}

void extent_path_put(extent_path_t *path)
{
	for (uint32_t level = 1; level <= path->depth; level++) {
		if (path->level[level].buffer)
			buffer_put(path->level[level].buffer);
	}
	path->depth = 0;
}

/* The last entry that begins at or before @p logical; 0 if none does, which *is_before then says. */
static uint32_t position_in(extent_header_t *header, uint32_t logical, bool *is_before)
{
	uint32_t low = 0, high = header->entries; /* both kinds of entries begin with `first` */
	while (low < high) {
		const uint32_t middle = (low + high) / 2;
		if (extents_of(header)[middle].first <= logical)
			low = middle + 1;
		else
			high = middle;
	}
	*is_before = !low;
	return low ? low - 1 : 0;
}

ax_err_t extent_path_find(extfs_inode_t *inode, uint32_t logical, extent_path_t *path)
{
	extfs_t *self = volume_of(inode);
	extent_header_t *header = extent_root(inode);
	const uint32_t depth = header->depth;
	memset(path, 0, sizeof *path);
	if (depth > EXTENT_DEPTH_MAX || !header_is_sound(header, depth, EXTENT_ROOT_ENTRIES) ||
	    !entries_are_sound(self, header) || (depth && !header->entries))
		return extfs_damaged(self, "extent tree of inode", inode->node.number);
	for (uint32_t level = 0;; level++) {
		path->level[level].header = header;
		path->level[level].position = position_in(header, logical, &path->level[level].is_before);
		path->depth = level;
		if (level == depth)
			return AX_OK;
		buffer_t *buffer = NULL;
		const extent_index_t *index = &indices_of(header)[path->level[level].position];
		ax_err_t error = node_get(inode, leaf_of(index), depth - level - 1, &buffer);
		if (error) {
			extent_path_put(path);
			return error;
		}
		header = (extent_header_t *)buffer->data;
		path->level[level + 1].buffer = buffer;
	}
}

/* Where the next entry behind the path's begins. */
static uint32_t next_first(const extent_path_t *path)
{
	for (uint32_t level = path->depth + 1; level-- > 0;) {
		const extent_level_t *at = &path->level[level];
		const uint32_t next = at->is_before && level == path->depth ? at->position : at->position + 1;
		if (next < at->header->entries)
			return extents_of(at->header)[next].first;
	}
	return UINT32_MAX;
}

ax_err_t extent_find(extfs_inode_t *inode, uint32_t logical, uint32_t *count, uint64_t *physical, bool *is_unwritten)
{
	extent_path_t path;
	ax_err_t error = extent_path_find(inode, logical, &path);
	if (error)
		return error;
	const extent_level_t *leaf = &path.level[path.depth];
	const extent_t *extent = &extents_of(leaf->header)[leaf->position];
	const uint32_t wanted = *count;
	*physical = 0;
	*is_unwritten = false;
	if (leaf->header->entries && !leaf->is_before && logical - extent->first < extent_length(extent)) {
		const uint32_t inside = logical - extent->first;
		*count = extent_length(extent) - inside;
		*physical = extent_start(extent) + inside;
		*is_unwritten = extent_is_unwritten(extent);
	} else {
		const uint32_t next = next_first(&path); /* before @p logical only in a damaged tree */
		*count = next > logical ? next - logical : 1;
	}
	*count = AX_MIN(*count, wanted);
	extent_path_put(&path);
	return AX_OK;
}

/* Free all from @p logical on that the last extent has. *is_last: nothing of it was left to free. */
static ax_err_t cut_last(extfs_inode_t *inode, uint32_t logical, bool *is_last)
{
	extfs_t *self = volume_of(inode);
	extent_path_t path;
	ax_err_t error = extent_path_find(inode, UINT32_MAX, &path);
	if (error)
		return error;
	uint32_t level = path.depth;
	extent_header_t *leaf = path.level[level].header;
	extent_t *extent = leaf->entries ? &extents_of(leaf)[leaf->entries - 1] : NULL;
	*is_last = !extent || (uint64_t)extent->first + extent_length(extent) <= logical;
	if (*is_last) {
		extent_path_put(&path);
		return AX_OK;
	}
	const uint32_t kept = extent->first < logical ? logical - extent->first : 0;
	const uint32_t gone = extent_length(extent) - kept;
	error = blocks_free(self, extent_start(extent) + kept, gone, vfs_is_directory(&inode->node));
	extent->length = (uint16_t)(extent->length - gone);
	inode_add_blocks(inode, -(int64_t)gone);
	if (!kept)
		leaf->entries--;
	extent_level_change(&path.level[level]);
	while (!error && level && !path.level[level].header->entries) {
		const uint64_t block = path.level[level].buffer->block;
		buffer_put(path.level[level].buffer);
		path.level[level].buffer = NULL;
		error = blocks_free(self, block, 1, true);
		inode_add_blocks(inode, -1);
		level--;
		path.level[level].header->entries--;
		extent_level_change(&path.level[level]);
	}
	if (!extent_root(inode)->entries)
		extent_init(inode);
	extent_path_put(&path);
	return error;
}

ax_err_t extent_cut(extfs_inode_t *inode, uint32_t logical, bool *is_done)
{
	extfs_t *self = volume_of(inode);
	ax_err_t error = AX_OK;
	*is_done = false;
	while (!error && !*is_done) {
		if (self->freed_count + OPERATION_FREED_MAX > FREED_MAX || self->transaction_count > self->transaction_max)
			return AX_OK;
		error = cut_last(inode, logical, is_done);
	}
	return error;
}

void extent_init(extfs_inode_t *inode)
{
	inode->raw.flags |= INODE_EXTENTS;
	memset(inode->raw.block, 0, sizeof inode->raw.block);
	*extent_root(inode) = (extent_header_t){ .magic = EXTENT_MAGIC, .max = EXTENT_ROOT_ENTRIES };
	inode_change(inode);
}

/* A change of this level's node. The root's is the inode's, which who calls notes. */
void extent_level_change(extent_level_t *level)
{
	if (level->buffer)
		buffer_change(level->buffer);
}
