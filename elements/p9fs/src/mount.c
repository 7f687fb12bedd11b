/* SPDX-License-Identifier: Apache-2.0 */
/* The session's begin and end. */
#include <p9fs/p9fs.h>

#include "volume.h"

static ax_err_t statfs(vfs_t *fs, vfs_statfs_t *stat)
{
	p9_statfs_t told;
	ax_err_t error = p9_get_statfs(&p9fs_volume_of(fs)->client, p9fs_node_of(fs->root)->fid, &told);
	if (error)
		return error;
	*stat = (vfs_statfs_t){
		.block_bytes = told.block_bytes,
		.blocks = told.blocks,
		.free_blocks = told.free_blocks,
		.available_blocks = told.available_blocks,
		.nodes = told.files,
		.free_nodes = told.free_files,
		.name_max = told.name_max,
		.magic = told.type,
		.id = told.id,
	};
	return AX_OK;
}

static void free_volume(p9fs_volume_t *volume)
{
	const vfs_host_t *host = volume->fs.host;
	vfs_table_destroy(&volume->nodes);
	host->free(volume);
}

static ax_err_t unmount(vfs_t *fs)
{
	p9fs_volume_t *volume = p9fs_volume_of(fs);
	vfs_table_link_t *link;
	while ((link = vfs_table_any(&volume->nodes))) {
		p9fs_node_t *node = container_of(link, p9fs_node_t, link);
		node->node.references = 0;
		(void)vfs_table_remove_unused(&volume->nodes, link);
		p9fs_node_free(volume, node);
	}
	free_volume(volume);
	return AX_OK;
}

const vfs_ops_t p9fs_ops = {
	.statfs = statfs,
	.unmount = unmount,
	.release = p9fs_release,
	.load_attributes = p9fs_load_attributes,
	.store_attributes = p9fs_store_attributes,
	.fsync = p9fs_fsync,
	.lookup = p9fs_lookup,
	.create = p9fs_create,
	.link = p9fs_link,
	.unlink = p9fs_unlink,
	.rename = p9fs_rename,
	.read_directory = p9fs_read_directory,
	.read = p9fs_read,
	.write = p9fs_write,
	.truncate = p9fs_truncate,
	.read_link = p9fs_read_link,
};

ax_err_t p9fs_mount(const vfs_host_t *host, const p9_transport_t *transport, const char *source, vfs_t **fs)
{
	p9fs_volume_t *volume = host->allocate(sizeof *volume);
	if (!volume)
		return AX_ERR_NO_MEMORY;
	__builtin_memset(volume, 0, sizeof *volume);
	volume->fs = (vfs_t){
		.ops = &p9fs_ops,
		.host = host,
		.kind = "9p",
		.source = source,
		.flags = VFS_SLEEPS | VFS_SERIAL | VFS_NO_CACHE,
		.block_bytes = 65536,
	};
	ax_err_t error = vfs_table_init(&volume->nodes, host);
	if (error) {
		host->free(volume);
		return error;
	}
	uint32_t root;
	p9_qid_t qid;
	error = p9_begin(&volume->client, transport, "", 0, &root, &qid);
	if (!error)
		error = p9fs_node_get(volume, root, &qid, &volume->fs.root);
	if (error) {
		free_volume(volume);
		return error;
	}
	*fs = &volume->fs;
	return AX_OK;
}
