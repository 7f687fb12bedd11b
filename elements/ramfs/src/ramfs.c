/* SPDX-License-Identifier: Apache-2.0 */
/* The file system as a whole. */
#include "node.h"

#include <ramfs/ramfs.h>

const vfs_ops_t ramfs_ops = RAMFS_OPS;

ax_err_t ramfs_mount(const vfs_host_t *host, uint64_t max_pages, vfs_t **fs)
{
	static const vfs_new_t root = { .mode = VFS_DIRECTORY | 0755 };
	ramfs_node_t *node;
	ramfs_t *self = host->allocate(sizeof *self);
	if (!self)
		return AX_ERR_NO_MEMORY;
	*self = (ramfs_t){
		.fs = { .ops = &ramfs_ops, .host = host, .kind = "ramfs", .source = "ramfs", .block_bytes = VFS_PAGE_BYTES },
		.max_pages = max_pages,
	};
	if (ramfs_node_new(self, &root, &node) != AX_OK) {
		host->free(self);
		return AX_ERR_NO_MEMORY;
	}
	node->node.links = 2; /* its ".", and the place where it is mounted */
	node->parent = node;
	self->fs.root = &node->node;
	*fs = &self->fs;
	return AX_OK;
}

ax_err_t ramfs_statfs(vfs_t *fs, vfs_statfs_t *stat)
{
	enum { TMPFS_MAGIC = 0x01021994 }; /* Linux include/uapi/linux/magic.h */
	ramfs_t *self = container_of(fs, ramfs_t, fs);
	SPIN_GUARD(&self->lock);
	*stat = (vfs_statfs_t){
		.block_bytes = VFS_PAGE_BYTES,
		.blocks = self->max_pages ? self->max_pages : self->used_pages,
		.free_blocks = self->max_pages ? self->max_pages - self->used_pages : 0,
		.available_blocks = self->max_pages ? self->max_pages - self->used_pages : 0,
		.nodes = self->nodes,
		.name_max = VFS_NAME_MAX,
		.magic = TMPFS_MAGIC,
	};
	return AX_OK;
}

/* Depth first, by the way back to the parent rather than by recursion: a tree may be deeper than the stack. */
ax_err_t ramfs_unmount(vfs_t *fs)
{
	ramfs_t *self = container_of(fs, ramfs_t, fs);
	const vfs_host_t *host = fs->host;
	ramfs_node_t *directory = ramfs_node_of(fs->root);
	for (;;) {
		ramfs_name_t *name = ramfs_names_after(&directory->names, 0);
		if (!name && &directory->node == fs->root)
			break;
		if (!name) {
			directory = directory->parent;
			continue;
		}
		ramfs_node_t *node = name->node;
		if (vfs_is_directory(&node->node) && node->names.count) {
			directory = node;
			continue;
		}
		ramfs_names_remove(&directory->names, host, name);
		if (vfs_is_directory(&node->node) || --node->node.links == 0)
			ramfs_node_free(node);
	}
	ramfs_node_free(directory);
	host->free(self);
	return AX_OK;
}
