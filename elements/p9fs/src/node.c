/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes by their qid, and their attributes. */
#include <p9fs/p9fs.h>

#include "volume.h"

enum { O_RDONLY_ = 0, O_RDWR_ = 2 }; /* of Linux, as the protocol has them */

static void take_attributes(vfs_node_t *node, const p9_attributes_t *attributes)
{
	node->size = attributes->size;
	node->mode = attributes->mode;
	node->links = (uint32_t)AX_MIN(attributes->links, (uint64_t)UINT32_MAX);
	node->uid = attributes->uid;
	node->gid = attributes->gid;
	node->device = attributes->device;
	node->blocks = attributes->blocks;
	node->accessed_ns = attributes->accessed_ns;
	node->modified_ns = attributes->modified_ns;
	node->changed_ns = attributes->changed_ns;
}

static ax_err_t make_node(p9fs_volume_t *volume, uint32_t fid, const p9_qid_t *qid, vfs_node_t **node)
{
	p9_attributes_t attributes;
	ax_err_t error = p9_get_attributes(&volume->client, fid, &attributes);
	if (error)
		return error;
	p9fs_node_t *made = volume->fs.host->allocate(sizeof *made);
	if (!made)
		return AX_ERR_NO_MEMORY;
	__builtin_memset(made, 0, sizeof *made);
	made->fid = fid;
	made->open_fid = P9FS_NO_FID;
	made->node.ops = &p9fs_ops;
	made->node.fs = &volume->fs;
	made->node.references = 1;
	made->node.number = qid->path;
	take_attributes(&made->node, &attributes);
	made->node.created_ns = made->node.changed_ns;
	vfs_table_add(&volume->nodes, &made->link, &made->node);
	*node = &made->node;
	return AX_OK;
}

ax_err_t p9fs_node_get(p9fs_volume_t *volume, uint32_t fid, const p9_qid_t *qid, vfs_node_t **node)
{
	*node = vfs_table_find(&volume->nodes, qid->path);
	ax_err_t error = *node ? AX_OK : make_node(volume, fid, qid, node);
	if (error || p9fs_node_of(*node)->fid != fid)
		(void)p9_clunk(&volume->client, fid);
	return error;
}

void p9fs_node_free(p9fs_volume_t *volume, p9fs_node_t *node)
{
	if (node->open_fid != P9FS_NO_FID)
		(void)p9_clunk(&volume->client, node->open_fid);
	(void)p9_clunk(&volume->client, node->fid);
	volume->fs.host->free(node);
}

void p9fs_release(vfs_node_t *node)
{
	p9fs_volume_t *volume = p9fs_volume_of(node->fs);
	if (vfs_table_remove_unused(&volume->nodes, &p9fs_node_of(node)->link))
		p9fs_node_free(volume, p9fs_node_of(node));
}

static void close_fid(p9fs_node_t *node)
{
	if (node->open_fid != P9FS_NO_FID)
		(void)p9_clunk(&p9fs_volume_of(node->node.fs)->client, node->open_fid);
	node->open_fid = P9FS_NO_FID;
}

ax_err_t p9fs_node_open(p9fs_node_t *node, bool writes)
{
	p9_client_t *client = &p9fs_volume_of(node->node.fs)->client;
	if (node->open_fid != P9FS_NO_FID && (node->can_write || !writes))
		return AX_OK;
	close_fid(node);
	uint32_t fid, unit;
	p9_qid_t qid;
	ax_err_t error = p9_walk(client, node->fid, "", 0, &fid, &qid);
	if (error)
		return error;
	error = p9_open(client, fid, writes ? O_RDWR_ : O_RDONLY_, &qid, &unit);
	if (error) {
		(void)p9_clunk(client, fid);
		return error;
	}
	node->open_fid = fid;
	node->can_write = writes;
	return AX_OK;
}

ax_err_t p9fs_load_attributes(vfs_node_t *node)
{
	p9_attributes_t attributes;
	/* What is yet to be stored is newer than what the server has. */
	if (node->unsaved || node->due)
		return AX_OK;
	ax_err_t error = p9_get_attributes(&p9fs_volume_of(node->fs)->client, p9fs_node_of(node)->fid, &attributes);
	if (!error)
		take_attributes(node, &attributes);
	return error;
}

ax_err_t p9fs_store_attributes(vfs_node_t *node, uint32_t which)
{
	const p9_attributes_t attributes = {
		.mode = node->mode & VFS_PERMISSIONS,
		.uid = node->uid,
		.gid = node->gid,
		.accessed_ns = node->accessed_ns,
		.modified_ns = node->modified_ns,
	};
	uint32_t set = (which & VFS_SET_MODE ? P9_SET_MODE : 0) | (which & VFS_SET_OWNER ? P9_SET_UID | P9_SET_GID : 0) |
		       (which & VFS_SET_TIMES ? P9_SET_ACCESSED | P9_SET_MODIFIED : 0);
	return p9_set_attributes(&p9fs_volume_of(node->fs)->client, p9fs_node_of(node)->fid, set, &attributes);
}

ax_err_t p9fs_fsync(vfs_node_t *node, bool data_only)
{
	p9fs_node_t *self = p9fs_node_of(node);
	if (self->open_fid == P9FS_NO_FID) {
		ax_err_t error = p9fs_node_open(self, false);
		if (error)
			return error;
	}
	return p9_fsync(&p9fs_volume_of(node->fs)->client, self->open_fid, data_only);
}
