/* SPDX-License-Identifier: Apache-2.0 */
/* The volume as the VFS has it; names.c has the operations on names, mount.c its end. */
#include "volume.h"

#include <extfs/extfs.h>
#include <memstr/memstr.h>

enum { EXT_SUPER_MAGIC = 0xef53 };

static extfs_inode_t *inode_of(vfs_node_t *node)
{
	return container_of(node, extfs_inode_t, node);
}

static extfs_t *volume_of_node(const vfs_node_t *node)
{
	return container_of(node->fs, extfs_t, vfs);
}

ax_err_t extfs_statfs(vfs_t *fs, vfs_statfs_t *stat)
{
	const extfs_t *self = container_of(fs, extfs_t, vfs);
	const super_t *super = &self->super;
	const bool is_64bit = super->feature_incompat & INCOMPAT_64BIT;
	const uint64_t reserved = (is_64bit ? (uint64_t)super->r_blocks_count_hi << 32 : 0) | super->r_blocks_count_lo;
	uint64_t id[2];
	memcpy(id, super->uuid, sizeof id);
	*stat = (vfs_statfs_t){
		.block_bytes = self->block_bytes,
		.blocks = self->blocks_count,
		.free_blocks = self->free_blocks + self->pending_blocks,
		.nodes = self->inodes_count,
		.free_nodes = super->free_inodes_count,
		.name_max = NAME_BYTES_MAX,
		.magic = EXT_SUPER_MAGIC,
		.id = id[0] ^ id[1],
	};
	stat->available_blocks = stat->free_blocks > reserved ? stat->free_blocks - reserved : 0;
	return AX_OK;
}

ax_err_t extfs_sync(vfs_t *fs)
{
	extfs_t *self = container_of(fs, extfs_t, vfs);
	return self->read_only ? AX_OK : transaction_commit(self);
}

void extfs_release(vfs_node_t *node)
{
	extfs_inode_t *inode = inode_of(node);
	const extfs_t *self = volume_of(inode);
	if (!node->links && !self->read_only && !self->doomed && !self->damaged && inode != self->journal.inode) {
		node->references++; /* its own while it goes */
		ax_err_t error = inode_delete(volume_of(inode), inode);
		(void)error; /* on the disk it is in the list of orphans */
		node->references--;
	}
	inode_forget(inode);
}

ax_err_t extfs_store_attributes(vfs_node_t *node, uint32_t which)
{
	extfs_t *self = volume_of_node(node);
	ax_err_t error = operation_begin(self);
	if (error)
		return error;
	inode_store_attributes(inode_of(node), which);
	return operation_end(self, AX_OK);
}

/* With @p data_only what is not needed to read the data back, times, need not be committed. A directory's data are its
 * entries, which change without the inode. */
ax_err_t extfs_fsync(vfs_node_t *node, bool data_only)
{
	extfs_t *self = volume_of_node(node);
	if (self->read_only)
		return AX_OK;
	if (!data_only || vfs_is_directory(node) || inode_of(node)->changed_before > self->commits)
		return transaction_commit(self);
	ax_err_t error = self->doomed ? AX_ERR_IO : data_write_back(self);
	return error ? error : volume_flush(self);
}

ax_err_t extfs_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	*done = 0;
	return vfs_is_regular(node) ? file_read(inode_of(node), buffer, bytes, offset, done) : AX_ERR_NOT_SUPPORTED;
}

ax_err_t extfs_write(vfs_node_t *node, const void *data, size_t bytes, uint64_t offset, size_t *done)
{
	*done = 0;
	return vfs_is_regular(node) ? file_write(inode_of(node), data, bytes, offset, done) : AX_ERR_NOT_SUPPORTED;
}

ax_err_t extfs_truncate(vfs_node_t *node, uint64_t size)
{
	return vfs_is_regular(node) ? file_set_size(inode_of(node), size) : AX_ERR_INVALID_INPUT;
}

ax_err_t extfs_seek_data(vfs_node_t *node, uint64_t offset, bool hole, uint64_t *found)
{
	return file_seek_data(inode_of(node), offset, hole, found);
}

ax_err_t extfs_read_link(vfs_node_t *node, char *buffer, size_t capacity, size_t *bytes)
{
	extfs_inode_t *inode = inode_of(node);
	if (inode_has_blocks(inode))
		return file_read(inode, buffer, capacity, 0, bytes);
	*bytes = AX_MIN(capacity, (size_t)node->size);
	memcpy(buffer, inode->raw.block, *bytes);
	return AX_OK;
}

const vfs_ops_t extfs_ops = EXTFS_OPS;
