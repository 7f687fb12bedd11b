/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orphans: inodes without a name that are still open, and files that are being cut in several transactions. They form a
 * list from the superblock on, through the inodes' dtime: who mounts the volume after a loss of power ends what was begun.
 */
#include "checksum.h"
#include "volume.h"

#include <memstr/memstr.h>

ax_err_t orphan_add(extfs_t *self, extfs_inode_t *inode)
{
	if (inode->is_orphan)
		return AX_OK;
	inode->raw.dtime = self->super.last_orphan;
	self->super.last_orphan = (uint32_t)inode->node.number;
	self->super_is_dirty = true;
	inode->is_orphan = true;
	inode_change(inode);
	return AX_OK;
}

/* The orphan before @p number in the list, with a reference; NULL: it is the first. */
static ax_err_t predecessor(extfs_t *self, uint32_t number, extfs_inode_t **out)
{
	uint32_t at = self->super.last_orphan;
	*out = NULL;
	for (uint32_t steps = 0; at != number; steps++) {
		if (*out)
			inode_put(*out);
		*out = NULL;
		if (steps > self->inodes_count)
			return extfs_damaged(self, "the list of orphans has a cycle at", number);
		ax_err_t error = inode_get(self, at, out);
		if (error)
			return error;
		at = (*out)->raw.dtime;
	}
	return AX_OK;
}

ax_err_t orphan_remove(extfs_t *self, extfs_inode_t *inode)
{
	extfs_inode_t *before;
	if (!inode->is_orphan)
		return AX_OK;
	ax_err_t error = predecessor(self, (uint32_t)inode->node.number, &before);
	if (error)
		return error;
	if (before) {
		before->raw.dtime = inode->raw.dtime;
		inode_change(before);
		inode_put(before);
	} else {
		self->super.last_orphan = inode->raw.dtime;
		self->super_is_dirty = true;
	}
	inode->raw.dtime = 0;
	inode->is_orphan = false;
	inode_change(inode);
	return AX_OK;
}

static uint32_t attributes_checksum(const extfs_t *self, const buffer_t *buffer)
{
	const uint32_t crc = crc32c(self->seed, &buffer->block, sizeof buffer->block);
	return crc32c_with_hole(crc, buffer->data, self->block_bytes, offsetof(attributes_t, checksum), 4);
}

void attributes_seal(extfs_t *self, buffer_t *buffer)
{
	if (self->has_checksums)
		((attributes_t *)buffer->data)->checksum = attributes_checksum(self, buffer);
}

/* Extended attributes in a block of their own, which several inodes may share. */
static ax_err_t drop_attributes(extfs_t *self, extfs_inode_t *inode)
{
	const uint64_t block = (uint64_t)inode->raw.file_acl_hi << 32 | inode->raw.file_acl_lo;
	buffer_t *buffer;
	if (!block)
		return AX_OK;
	if (!blocks_are_valid(self, block, 1))
		return extfs_damaged(self, "block of attributes", block);
	ax_err_t error = buffer_get(self, block, KIND_ATTRIBUTES, &buffer);
	if (error)
		return error;
	attributes_t *head = (attributes_t *)buffer->data;
	if (head->magic != ATTRIBUTES_MAGIC || !head->users ||
	    (self->has_checksums && !buffer->is_checked && head->checksum != attributes_checksum(self, buffer))) {
		buffer_put(buffer);
		return extfs_damaged(self, "block of attributes", block);
	}
	inode->raw.file_acl_lo = 0;
	inode->raw.file_acl_hi = 0;
	inode_add_blocks(inode, -1);
	const bool is_last = head->users == 1;
	if (!is_last) {
		head->users--;
		buffer->is_checked = true;
		buffer_change(buffer);
	}
	buffer_put(buffer);
	return is_last ? blocks_free(self, block, 1, true) : AX_OK;
}

/* Blocks, attributes and number of an inode without links; in as many transactions as it takes. */
ax_err_t inode_delete(extfs_t *self, extfs_inode_t *inode)
{
	const bool is_directory = vfs_is_directory(&inode->node);
	ax_err_t error = operation_begin(self);
	if (error)
		return error;
	if (inode_has_blocks(inode)) {
		error = file_cut_blocks(inode, 0);
		if (error)
			return operation_end(self, error);
	}
	error = drop_attributes(self, inode);
	if (!error)
		error = orphan_remove(self, inode);
	if (!error)
		error = inode_number_free(self, (uint32_t)inode->node.number, is_directory);
	if (error)
		return operation_end(self, error);
	inode_set_size(inode, 0);
	const uint32_t seconds = (uint32_t)(self->vfs.host->now_ns() / 1000000000);
	inode->raw.dtime = seconds ? seconds : 1;
	inode_change(inode);
	return operation_end(self, AX_OK);
}

/* At the mount: delete those without links, cut the others. */
ax_err_t orphans_clean(extfs_t *self)
{
	for (uint32_t steps = 0; self->super.last_orphan; steps++) {
		extfs_inode_t *inode;
		if (steps > self->inodes_count)
			return extfs_damaged(self, "the list of orphans has a cycle at", self->super.last_orphan);
		ax_err_t error = inode_get(self, self->super.last_orphan, &inode);
		if (error)
			return error;
		inode->is_orphan = true;
		if (inode->node.links) {
			error = operation_begin(self);
			if (error) {
				inode_put(inode);
				return error;
			}
			const uint64_t blocks = (inode->node.size + self->block_bytes - 1) >> self->block_shift;
			if (inode_has_blocks(inode))
				error = file_cut_blocks(inode, (uint32_t)blocks);
			if (!error)
				error = orphan_remove(self, inode);
			error = operation_end(self, error);
		}
		inode_put(inode); /* without links that deletes it */
		if (error)
			return error;
		if (self->doomed || self->damaged)
			return AX_ERR_IO;
	}
	return AX_OK;
}
