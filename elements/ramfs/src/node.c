/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes: made, counted, freed. */
#include "node.h"

#include <memstr/memstr.h>

static ax_err_t fill_link(ramfs_node_t *self, const vfs_host_t *host, const vfs_new_t *what)
{
	self->target = host->allocate(what->target_bytes);
	if (!self->target)
		return AX_ERR_NO_SPACE;
	memcpy(self->target, what->target, what->target_bytes);
	self->node.size = what->target_bytes;
	return AX_OK;
}

ax_err_t ramfs_node_new(ramfs_t *self, const vfs_new_t *what, ramfs_node_t **node)
{
	const vfs_host_t *host = self->fs.host;
	ramfs_node_t *made = host->allocate(sizeof *made);
	if (!made)
		return AX_ERR_NO_SPACE;
	const int64_t now_ns = host->now_ns();
	*made = (ramfs_node_t){ .node = {
		.ops = &ramfs_ops, .fs = &self->fs, .references = 1, .mode = what->mode, .uid = what->uid,
		.gid = what->gid, .device = what->device, .accessed_ns = now_ns, .modified_ns = now_ns,
		.changed_ns = now_ns, .created_ns = now_ns,
	} };
	if (vfs_is_symlink(&made->node) && fill_link(made, host, what) != AX_OK) {
		host->free(made);
		return AX_ERR_NO_SPACE;
	}
	SPIN_GUARD(&self->lock);
	self->nodes++;
	made->node.number = ++self->last_number;
	*node = made;
	return AX_OK;
}

void ramfs_node_free(ramfs_node_t *self)
{
	ramfs_t *fs = ramfs_of(&self->node);
	const vfs_host_t *host = fs->fs.host;
	if (vfs_is_directory(&self->node))
		ramfs_names_free(&self->names, host);
	else if (vfs_is_regular(&self->node))
		ramfs_pages_free(&self->pages, fs);
	else if (vfs_is_symlink(&self->node))
		host->free(self->target);
	{
		SPIN_GUARD(&fs->lock);
		fs->nodes--;
	}
	host->free(self);
}

void ramfs_node_add_link(ramfs_node_t *self)
{
	if (self->node.links++ == 0)
		vfs_node_get(&self->node);
}

void ramfs_node_remove_link(ramfs_node_t *self)
{
	if (--self->node.links == 0)
		vfs_node_put(&self->node);
}

ax_err_t ramfs_node_own(ramfs_node_t *self)
{
	ramfs_t *fs = ramfs_of(&self->node);
	const char *lent = self->lent;
	const size_t bytes = self->lent_bytes;
	for (size_t offset = 0; offset < bytes; offset += VFS_PAGE_BYTES) {
		bool is_new;
		char *page = ramfs_pages_make(&self->pages, fs, offset / VFS_PAGE_BYTES, &is_new);
		if (!page) {
			ramfs_pages_cut(&self->pages, fs, 0);
			return AX_ERR_NO_SPACE;
		}
		const size_t count = AX_MIN((size_t)VFS_PAGE_BYTES, bytes - offset);
		memcpy(page, lent + offset, count);
		memset(page + count, 0, VFS_PAGE_BYTES - count);
	}
	self->lent = NULL;
	return AX_OK;
}

void ramfs_release(vfs_node_t *node)
{
	ramfs_node_free(ramfs_node_of(node));
}
