/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading and writing. Between the call and the file system stand a test of the file's flags and the node's lock; the
 * times become due by one store.
 */
#include "lock.h"
#include "open.h"

#include <axfs/file.h>

/* The node, held: but not a device, which orders itself. */
static AX_ALWAYS_INLINE void hold(const ax_file_t *file)
{
	if (likely(!(file->flags & AXFS_IS_DEVICE)))
		axfs_lock(file->node);
}

static AX_ALWAYS_INLINE void let_go(const ax_file_t *file)
{
	if (likely(!(file->flags & AXFS_IS_DEVICE)))
		axfs_unlock(file->node);
}

[[gnu::cold]] static ax_err_t refuse(const ax_file_t *file)
{
	if (!file->node || vfs_type(file->node) != VFS_DIRECTORY || !(file->flags & AX_OPEN_READ))
		return AX_ERR_BAD_HANDLE;
	return AX_ERR_IS_A_DIRECTORY;
}

static AX_ALWAYS_INLINE ax_err_t read_node(const ax_file_t *file, void *buffer, size_t bytes, uint64_t offset,
					   size_t *done)
{
	vfs_node_t *node = file->node;
	if (unlikely(!(file->flags & AXFS_CAN_READ)))
		return refuse(file);
	hold(file);
	ax_err_t error = AXFS_OPS(node)->read(node, buffer, bytes, offset, done);
	if (likely(!(file->flags & AX_OPEN_NO_ACCESS_TIME)))
		vfs_node_mark(node, VFS_ACCESSED);
	let_go(file);
	return error;
}

ax_err_t ax_file_read(ax_file_t *file, void *buffer, size_t bytes, size_t *done)
{
	size_t count = 0;
	ax_err_t error = read_node(file, buffer, bytes, file->position, &count);
	file->position += count;
	*done = count;
	return error;
}

ax_err_t ax_file_read_at(const ax_file_t *file, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	size_t count = 0;
	ax_err_t error = read_node(file, buffer, bytes, offset, &count);
	*done = count;
	return error;
}

[[gnu::noinline]] static ax_err_t sync_written(const ax_file_t *file)
{
	return ax_file_sync(file, !(file->flags & AX_OPEN_SYNC));
}

/* At @p offset, or, with @p append, at the end of the file; @p offset becomes where that was. */
static AX_ALWAYS_INLINE ax_err_t write_node(const ax_file_t *file, const void *data, size_t bytes, uint64_t *offset,
					    bool append, size_t *done)
{
	vfs_node_t *node = file->node;
	if (unlikely(!(file->flags & AXFS_CAN_WRITE)))
		return AX_ERR_BAD_HANDLE;
	hold(file);
	if (unlikely(append))
		*offset = node->size;
	ax_err_t error = AXFS_OPS(node)->write(node, data, bytes, *offset, done);
	vfs_node_mark(node, VFS_MODIFIED | VFS_CHANGED);
	let_go(file);
	if (unlikely(file->flags & (AX_OPEN_SYNC | AX_OPEN_DATA_SYNC)) && error == AX_OK)
		error = sync_written(file);
	return error;
}

ax_err_t ax_file_write(ax_file_t *file, const void *data, size_t bytes, size_t *done)
{
	size_t count = 0;
	uint64_t offset = file->position;
	ax_err_t error = write_node(file, data, bytes, &offset, file->flags & AX_OPEN_APPEND, &count);
	file->position = offset + count;
	*done = count;
	return error;
}

ax_err_t ax_file_write_at(const ax_file_t *file, const void *data, size_t bytes, uint64_t offset, size_t *done)
{
	size_t count = 0;
	ax_err_t error = write_node(file, data, bytes, &offset, false, &count);
	*done = count;
	return error;
}

/* Pieces are one operation: the node is held from the first to the last. */

static ax_err_t read_pieces(const ax_file_t *file, const ax_piece_t *pieces, size_t count, uint64_t offset, size_t *done)
{
	vfs_node_t *node = file->node;
	ax_err_t error = AX_OK;
	size_t all = 0;

	*done = 0;
	if (!(file->flags & AXFS_CAN_READ))
		return refuse(file);
	hold(file);
	for (size_t i = 0; i < count; i++) {
		size_t here = 0;
		error = AXFS_OPS(node)->read(node, pieces[i].start, pieces[i].bytes, offset + all, &here);
		all += here;
		if (error != AX_OK || here < pieces[i].bytes)
			break;
	}
	if (!(file->flags & AX_OPEN_NO_ACCESS_TIME))
		vfs_node_mark(node, VFS_ACCESSED);
	let_go(file);
	*done = all;
	return all ? AX_OK : error;
}

static ax_err_t write_pieces(const ax_file_t *file, const ax_piece_t *pieces, size_t count, uint64_t *offset, bool append,
			     size_t *done)
{
	vfs_node_t *node = file->node;
	ax_err_t error = AX_OK;
	size_t all = 0;

	*done = 0;
	if (!(file->flags & AXFS_CAN_WRITE))
		return AX_ERR_BAD_HANDLE;
	hold(file);
	if (append)
		*offset = node->size;
	for (size_t i = 0; i < count; i++) {
		size_t here = 0;
		error = AXFS_OPS(node)->write(node, pieces[i].start, pieces[i].bytes, *offset + all, &here);
		all += here;
		if (error != AX_OK || here < pieces[i].bytes)
			break;
	}
	vfs_node_mark(node, VFS_MODIFIED | VFS_CHANGED);
	let_go(file);
	*done = all;
	if (all)
		error = file->flags & (AX_OPEN_SYNC | AX_OPEN_DATA_SYNC) ? sync_written(file) : AX_OK;
	return error;
}

ax_err_t ax_file_read_pieces(ax_file_t *file, const ax_piece_t *pieces, size_t count, size_t *done)
{
	ax_err_t error = read_pieces(file, pieces, count, file->position, done);
	file->position += *done;
	return error;
}

ax_err_t ax_file_write_pieces(ax_file_t *file, const ax_piece_t *pieces, size_t count, size_t *done)
{
	uint64_t offset = file->position;
	ax_err_t error = write_pieces(file, pieces, count, &offset, file->flags & AX_OPEN_APPEND, done);
	file->position = offset + *done;
	return error;
}

ax_err_t ax_file_read_pieces_at(const ax_file_t *file, const ax_piece_t *pieces, size_t count, uint64_t offset,
				size_t *done)
{
	return read_pieces(file, pieces, count, offset, done);
}

ax_err_t ax_file_write_pieces_at(const ax_file_t *file, const ax_piece_t *pieces, size_t count, uint64_t offset,
				 size_t *done)
{
	return write_pieces(file, pieces, count, &offset, false, done);
}
