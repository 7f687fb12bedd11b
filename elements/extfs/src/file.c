/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contents of files. Large transfers of whole blocks go straight between the device and the caller's memory; the rest
 * through buffers, which are written back with the next commit, or when they are half of all. New blocks hold data before
 * the transaction that refers to them is committed.
 */
#include "volume.h"

#include <memstr/memstr.h>

enum { STEP_BLOCKS = 2048, DIRECT_BYTES = 32 << 10, FILL_BYTES = 16 << 10 };

/* A part of a block, or all of it. */
static ax_err_t read_block(extfs_t *self, uint64_t physical, size_t skip, size_t bytes, uint8_t *to)
{
	buffer_t *buffer;
	ax_err_t error = buffer_get(self, physical, KIND_DATA, &buffer);
	if (error)
		return error;
	memcpy(to, buffer->data + skip, bytes);
	buffer_put(buffer);
	return AX_OK;
}

/* Bytes [skip, skip + bytes) of the run of @p count blocks from @p physical on, which may be more than the bytes are in. */
static ax_err_t read_run(extfs_t *self, uint64_t physical, size_t count, size_t skip, size_t bytes, uint8_t *to)
{
	while (bytes) {
		size_t whole = skip ? 0 : bytes >> self->block_shift;
		size_t piece = AX_MIN(bytes, self->block_bytes - skip), blocks = 1;
		ax_err_t error = AX_OK;
		whole = buffers_missing(self, physical, whole);
		if (whole << self->block_shift >= DIRECT_BYTES) {
			blocks = whole;
			piece = whole << self->block_shift;
			error = volume_read(self, physical, whole, to);
		} else {
			const size_t fill = AX_MAX((size_t)FILL_BYTES >> self->block_shift, whole);
			const size_t missing = buffers_missing(self, physical, AX_MIN(count, fill));
			if (missing > 1)
				buffers_fill(self, physical, missing);
			error = read_block(self, physical, skip, piece, to);
		}
		if (error)
			return error;
		physical += blocks;
		count -= blocks;
		skip = 0;
		bytes -= piece;
		to += piece;
	}
	return AX_OK;
}

/* How much of what is left is written in one piece: all if it is little, else up to a block's end, then whole blocks. */
static size_t piece_of(const extfs_t *self, uint64_t offset, size_t left)
{
	const size_t skip = (size_t)(offset & (self->block_bytes - 1));
	if (left < DIRECT_BYTES + self->block_bytes)
		return left;
	if (skip)
		return self->block_bytes - skip;
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
		size_t piece = AX_MIN(bytes - *done, ((size_t)STEP_BLOCKS << self->block_shift) - skip);
		const uint64_t ahead = AX_MIN(AX_MAX(skip + piece, (size_t)FILL_BYTES), inode->node.size - (offset - skip));
		uint32_t count = (uint32_t)((ahead + self->block_bytes - 1) >> self->block_shift);
		ax_err_t error = map_find(inode, (uint32_t)(offset >> self->block_shift), &count, &physical);
		piece = AX_MIN(piece, ((size_t)count << self->block_shift) - skip);
		if (!error && physical)
			error = read_run(self, physical, count, skip, piece, to + *done);
		else if (!error)
			memset(to + *done, 0, piece);
		if (error)
			return *done ? AX_OK : error;
		*done += piece;
		offset += piece;
	}
	return AX_OK;
}

/* As read_block(). Of a new block what is not written is zero. NULL @p from: zeroes. */
static ax_err_t write_block(extfs_t *self, uint64_t physical, bool is_new, size_t skip, size_t bytes, const uint8_t *from)
{
	buffer_t *buffer;
	ax_err_t error = AX_OK;
	if (self->dirty_data_count >= self->buffers_kept / 2)
		error = data_write_back(self);
	if (!error && bytes == self->block_bytes)
		error = buffer_get_unread(self, physical, KIND_DATA, &buffer);
	else if (!error)
		error = is_new ? buffer_get_new(self, physical, KIND_DATA, &buffer)
			       : buffer_get(self, physical, KIND_DATA, &buffer);
	if (error)
		return error;
	if (from)
		memcpy(buffer->data + skip, from, bytes);
	else
		memset(buffer->data + skip, 0, bytes);
	buffer_change(buffer);
	buffer_put(buffer);
	self->data_is_dirty = true;
	return AX_OK;
}

/* As read_run(). */
static ax_err_t write_run(extfs_t *self, uint64_t physical, bool is_new, size_t skip, size_t bytes, const uint8_t *from)
{
	if (!skip && bytes >= DIRECT_BYTES && !(bytes & (self->block_bytes - 1))) {
		buffers_forget_data(self, physical, bytes >> self->block_shift);
		self->data_is_dirty = true;
		return volume_write(self, physical, bytes >> self->block_shift, from);
	}
	while (bytes) {
		const size_t piece = AX_MIN(bytes, self->block_bytes - skip);
		ax_err_t error = write_block(self, physical, is_new, skip, piece, from);
		if (error)
			return error;
		physical++;
		skip = 0;
		bytes -= piece;
		from += piece;
	}
	return AX_OK;
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
	return write_block(self, physical, false, skip, (size_t)AX_MIN(end - size, (uint64_t)self->block_bytes - skip), NULL);
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
