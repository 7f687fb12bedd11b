/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations and the transaction that they are part of. A commit writes files' data, brings everything that is kept
 * elsewhere into the buffers (freed blocks, inodes, the superblock, checksums), then journal_commit() or, without a
 * journal, the disk gets them.
 */
#include "volume.h"

#include <memstr/memstr.h>

enum { SORTED_MAX = 256 };

ax_err_t extfs_damaged(extfs_t *self, const char *what, uint64_t where)
{
	if (!self->damaged) {
		self->damage = what;
		self->damage_at = where;
	}
	self->damaged = true;
	return AX_ERR_IO;
}

bool transaction_is_empty(const extfs_t *self)
{
	return list_is_empty(&self->transaction) && list_is_empty(&self->dirty_inodes) && !self->super_is_dirty &&
	       !self->freed_count;
}

ax_err_t operation_begin(extfs_t *self)
{
	ax_err_t error = AX_OK;
	if (self->read_only)
		return AX_ERR_READ_ONLY;
	if (self->doomed || self->damaged)
		return AX_ERR_IO;
	if (self->transaction_count + self->dirty_inode_count > self->transaction_max ||
	    self->freed_count + OPERATION_FREED_MAX > FREED_MAX ||
	    (self->pending_blocks && self->free_blocks < OPERATION_BLOCKS_MAX))
		error = transaction_commit(self);
	self->changes_before = self->changes;
	return error;
}

/* These come from the disk or from a lack of memory, at any point of an operation; others before it changes anything. */
static bool is_halfway(ax_err_t error)
{
	return error == AX_ERR_IO || error == AX_ERR_NO_MEMORY || error == AX_ERR_TIMED_OUT || error == AX_ERR_NO_DEVICE ||
	       error == AX_ERR_BAD_STATE;
}

ax_err_t operation_end(extfs_t *self, ax_err_t error)
{
	if (is_halfway(error) && self->changes != self->changes_before)
		self->doomed = true;
	return error;
}

/* The superblock's part of its block. */
static ax_err_t change_super(extfs_t *self)
{
	buffer_t *buffer;
	if (!self->super_is_dirty)
		return AX_OK;
	ax_err_t error = buffer_get(self, SUPER_OFFSET >> self->block_shift, KIND_PLAIN, &buffer);
	if (error)
		return error;
	super_fill(self, (super_t *)(buffer->data + (SUPER_OFFSET & (self->block_bytes - 1))));
	buffer_change(buffer);
	buffer_put(buffer);
	self->super_is_dirty = false;
	return AX_OK;
}

static ax_err_t seal_bitmaps(extfs_t *self)
{
	list_for_each (node, &self->transaction) {
		buffer_t *buffer = list_entry(node, buffer_t, in_order), *descriptors;
		group_t *group;
		if (!self->has_checksums || (buffer->kind != KIND_BLOCK_BITMAP && buffer->kind != KIND_INODE_BITMAP))
			continue;
		ax_err_t error = group_get(self, buffer->seed, &descriptors, &group);
		if (error)
			return error;
		group_set_bitmap_checksum(self, group, buffer->kind == KIND_BLOCK_BITMAP, buffer->data);
		buffer_change(descriptors);
		buffer_put(descriptors);
	}
	return AX_OK;
}

static ax_err_t seal(extfs_t *self)
{
	ax_err_t error = seal_bitmaps(self);
	if (error)
		return error;
	list_for_each (node, &self->transaction) {
		buffer_t *buffer = list_entry(node, buffer_t, in_order);
		if (buffer->kind == KIND_GROUPS)
			group_seal_all(self, buffer);
		else if (buffer->kind == KIND_EXTENTS)
			extent_seal(self, buffer);
		else if (buffer->kind == KIND_DIRECTORY)
			dir_seal(self, buffer);
		else if (buffer->kind == KIND_ATTRIBUTES)
			attributes_seal(self, buffer);
	}
	return AX_OK;
}

static void sort(buffer_t **buffers, size_t count)
{
	for (size_t gap = count / 2; gap; gap /= 2) { /* Shell's */
		for (size_t i = gap; i < count; i++) {
			buffer_t *moved = buffers[i];
			size_t at = i;
			for (; at >= gap && buffers[at - gap]->block > moved->block; at -= gap)
				buffers[at] = buffers[at - gap];
			buffers[at] = moved;
		}
	}
}

/* In the order of their blocks, those in a row together. */
static ax_err_t write_sorted(extfs_t *self, buffer_t **buffers, size_t count)
{
	block_segment_t segments[32];
	sort(buffers, count);
	for (size_t i = 0; i < count;) {
		const uint64_t first = buffers[i]->block;
		size_t run = 0;
		while (i < count && run < ARRAY_SIZE(segments) && buffers[i]->block == first + run)
			segments[run++] = (block_segment_t){ buffers[i++]->data, self->block_bytes };
		ax_err_t error = volume_write_segments(self, first, segments, run);
		if (error)
			return error;
	}
	return AX_OK;
}

/* Every block of the list, which is the transaction or dirty data, to its own place. */
static ax_err_t write_in_place(extfs_t *self, list_t *list)
{
	buffer_t *buffers[SORTED_MAX];
	while (!list_is_empty(list)) {
		size_t count = 0;
		list_for_each (node, list) {
			if (count == SORTED_MAX)
				break;
			buffers[count++] = list_entry(node, buffer_t, in_order);
		}
		ax_err_t error = write_sorted(self, buffers, count);
		if (error)
			return error;
		for (size_t i = 0; i < count; i++)
			buffer_leave_transaction(buffers[i]);
	}
	return AX_OK;
}

ax_err_t data_write_back(extfs_t *self)
{
	ax_err_t error = write_in_place(self, &self->dirty_data);
	if (error)
		self->doomed = true;
	return error;
}

static ax_err_t commit(extfs_t *self)
{
	ax_err_t error = data_write_back(self);
	if (!error)
		error = blocks_apply_freed(self);
	if (!error)
		error = inodes_write(self);
	if (!error)
		error = change_super(self);
	if (!error)
		error = seal(self);
	if (error)
		return error;
	if (self->journal.is_open)
		error = journal_commit(self);
	else if (self->data_is_dirty)
		error = volume_flush(self);
	if (!error)
		error = write_in_place(self, &self->transaction);
	if (!error && !self->journal.is_open)
		error = volume_flush(self);
	return error;
}

ax_err_t transaction_commit(extfs_t *self)
{
	ax_err_t error = AX_OK;
	if (self->doomed)
		return AX_ERR_IO;
	if (!transaction_is_empty(self))
		error = commit(self);
	else if (self->data_is_dirty && !(error = data_write_back(self)))
		error = volume_flush(self);
	if (error) {
		self->doomed = true;
		return error;
	}
	self->data_is_dirty = false;
	self->commits++;
	return AX_OK;
}
