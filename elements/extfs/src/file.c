/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contents of files. Data goes from and to the device past the buffers: whole blocks straight between it and the caller's
 * memory, the rest through the volume's scratch block. New blocks hold data before the transaction that refers to them is
 * committed.
 */
#include "volume.h"

#include <memstr/memstr.h>

enum { STEP_BLOCKS = 2048 };

/* Bytes [skip, skip + bytes) of the run of blocks from @p physical on; at most one of its ends is not on a block's. */
static ax_err_t read_run(extfs_t *self, uint64_t physical, size_t skip, size_t bytes, uint8_t *to)
{
	const size_t block_bytes = self->block_bytes;
	if (!skip && bytes >= block_bytes)
		return volume_read(self, physical, bytes >> self->block_shift, to);
	ax_err_t error = volume_read(self, physical, 1, self->scratch);
	if (!error)
		memcpy(to, self->scratch + skip, bytes);
	return error;
}

/* How much of what is left goes in one piece: up to a block's end, or whole blocks, or the rest. */
static size_t piece_of(const extfs_t *self, uint64_t offset, size_t left)
{
	const size_t skip = (size_t)(offset & (self->block_bytes - 1));
	if (skip)
		return AX_MIN(left, self->block_bytes - skip);
	if (left < self->block_bytes)
		return left;
	return AX_MIN(left & ~(size_t)(self->block_bytes - 1), (size_t)STEP_BLOCKS << self->block_shift);
}

ax_err_t file_read(extfs_inode_t *inode, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	extfs_t *self = volume_of(inode);
	uint8_t *to = buffer;
	*done = 0;
	if (offset >= inode->node.size)
		return AX_OK;
	bytes = (size_t)AX_MIN((uint64_t)bytes, inode->node.size - offset);
	while (*done < bytes) {
		uint64_t physical;
		const size_t skip = (size_t)(offset & (self->block_bytes - 1));
		size_t piece = piece_of(self, offset, bytes - *done);
		uint32_t count = (uint32_t)((skip + piece + self->block_bytes - 1) >> self->block_shift);
		ax_err_t error = map_find(inode, (uint32_t)(offset >> self->block_shift), &count, &physical);
		piece = AX_MIN(piece, ((size_t)count << self->block_shift) - skip);
		if (!error && physical)
			error = read_run(self, physical, skip, piece, to + *done);
		else if (!error)
			memset(to + *done, 0, piece);
		if (error)
			return *done ? AX_OK : error;
		*done += piece;
		offset += piece;
	}
	return AX_OK;
}

/* As read_run(). Of a new block what is not written is zero. */
static ax_err_t write_run(extfs_t *self, uint64_t physical, bool is_new, size_t skip, size_t bytes, const uint8_t *from)
{
	self->data_is_dirty = true;
	if (!skip && bytes >= self->block_bytes)
		return volume_write(self, physical, bytes >> self->block_shift, from);
	if (is_new) {
		memset(self->scratch, 0, self->block_bytes);
	} else {
		ax_err_t error = volume_read(self, physical, 1, self->scratch);
		if (error)
			return error;
	}
	memcpy(self->scratch + skip, from, bytes);
	return volume_write(self, physical, 1, self->scratch);
}

/* What lies in the last block behind the end of the file shows when the file grows past it: make it zero up to @p end. */
static ax_err_t clear_tail(extfs_inode_t *inode, uint64_t end)
{
	extfs_t *self = volume_of(inode);
	const uint64_t size = inode->node.size;
	const size_t skip = (size_t)(size & (self->block_bytes - 1));
	uint32_t count = 1;
	uint64_t physical;
	if (!skip || end <= size)
		return AX_OK;
	ax_err_t error = map_find(inode, (uint32_t)(size >> self->block_shift), &count, &physical);
	if (error || !physical)
		return error;
	error = volume_read(self, physical, 1, self->scratch);
	if (error)
		return error;
	memset(self->scratch + skip, 0, (size_t)AX_MIN(end - size, (uint64_t)self->block_bytes - skip));
	self->data_is_dirty = true;
	return volume_write(self, physical, 1, self->scratch);
}

static void grow_to(extfs_inode_t *inode, uint64_t size)
{
	extfs_t *self = volume_of(inode);
	if (size <= inode->node.size)
		return;
	inode_set_size(inode, size);
	if (size > INT32_MAX && !(self->super.feature_ro_compat & RO_LARGE_FILE)) {
		self->super.feature_ro_compat |= RO_LARGE_FILE;
		self->super_is_dirty = true;
	}
}

/* One piece, in one step of an operation. */
static ax_err_t write_piece(extfs_inode_t *inode, uint64_t offset, const uint8_t *from, size_t *piece)
{
	extfs_t *self = volume_of(inode);
	const size_t skip = (size_t)(offset & (self->block_bytes - 1));
	uint32_t count = (uint32_t)((skip + *piece + self->block_bytes - 1) >> self->block_shift);
	uint64_t physical;
	bool is_new;
	ax_err_t error = clear_tail(inode, offset);
	if (!error)
		error = map_find_or_allocate(inode, (uint32_t)(offset >> self->block_shift), &count, &physical, &is_new);
	if (error)
		return error;
	*piece = AX_MIN(*piece, ((size_t)count << self->block_shift) - skip);
	error = write_run(self, physical, is_new, skip, *piece, from);
	if (!error)
		grow_to(inode, offset + *piece);
	return error;
}

ax_err_t file_write_link(extfs_inode_t *inode, const char *text, size_t bytes)
{
	size_t piece = bytes;
	return write_piece(inode, 0, (const uint8_t *)text, &piece);
}

ax_err_t file_write(extfs_inode_t *inode, const void *data, size_t bytes, uint64_t offset, size_t *done)
{
	extfs_t *self = volume_of(inode);
	const uint64_t most = map_max_bytes(inode);
	bool has_retried = false;
	*done = 0;
	if (bytes && offset >= most)
		return AX_ERR_FILE_TOO_BIG;
	bytes = (size_t)AX_MIN((uint64_t)bytes, most - offset);
	while (*done < bytes) {
		size_t piece = piece_of(self, offset + *done, bytes - *done);
		ax_err_t error = operation_begin(self);
		if (!error)
			error = operation_end(self, write_piece(inode, offset + *done, (const uint8_t *)data + *done, &piece));
		if (error == AX_ERR_NO_SPACE && self->pending_blocks && !has_retried) {
			has_retried = true; /* what was freed since the last commit can be had after one */
			error = transaction_commit(self);
			piece = 0;
		}
		if (error)
			return *done ? AX_OK : error;
		*done += piece;
	}
	return AX_OK;
}

/* Within an operation, which may become several; between them the inode is an orphan. */
ax_err_t file_cut_blocks(extfs_inode_t *inode, uint32_t logical)
{
	extfs_t *self = volume_of(inode);
	const bool was_orphan = inode->is_orphan;
	bool is_done = false;
	ax_err_t error = map_cut(inode, logical, &is_done);
	while (!error && !is_done) {
		error = orphan_add(self, inode);
		if (!error)
			error = transaction_commit(self);
		if (!error)
			error = map_cut(inode, logical, &is_done);
	}
	return !error && !was_orphan ? orphan_remove(self, inode) : error;
}

ax_err_t file_set_size(extfs_inode_t *inode, uint64_t bytes)
{
	extfs_t *self = volume_of(inode);
	if (bytes > map_max_bytes(inode))
		return AX_ERR_FILE_TOO_BIG;
	ax_err_t error = operation_begin(self);
	if (error || bytes == inode->node.size)
		return error;
	if (bytes > inode->node.size) {
		error = clear_tail(inode, bytes);
		if (!error)
			grow_to(inode, bytes);
	} else {
		const uint64_t blocks = (bytes + self->block_bytes - 1) >> self->block_shift;
		inode_set_size(inode, bytes);
		error = file_cut_blocks(inode, (uint32_t)blocks);
	}
	return operation_end(self, error);
}

ax_err_t file_seek_data(extfs_inode_t *inode, uint64_t offset, bool hole, uint64_t *found)
{
	const extfs_t *self = volume_of(inode);
	const uint64_t size = inode->node.size;
	*found = offset;
	while (*found < size) {
		uint64_t physical;
		const uint32_t logical = (uint32_t)(*found >> self->block_shift);
		uint32_t count = (uint32_t)((size - 1) >> self->block_shift) - logical + 1;
		ax_err_t error = map_find(inode, logical, &count, &physical);
		if (error || !physical == hole)
			return error;
		*found = ((uint64_t)logical + count) << self->block_shift;
	}
	*found = size;
	return hole ? AX_OK : AX_ERR_NOT_FOUND;
}
