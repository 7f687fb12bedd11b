/* SPDX-License-Identifier: Apache-2.0 */
/* A mounted tree and its nodes, and what the files share. VFS_SERIAL: one operation at a time in all of it. */
#pragma once

#include <axfs_vfs/table.h>
#include <axfs_vfs/vfs.h>
#include <base/base.h>
#include <p9_client/p9_client.h>

#define P9FS_NO_FID UINT32_MAX

typedef struct p9fs_volume {
	vfs_t fs;
	vfs_table_t nodes;
	p9_client_t client;
} p9fs_volume_t;

typedef struct p9fs_node {
	vfs_node_t node;
	vfs_table_link_t link;
	uint32_t fid;         /* never opened, so that it can be walked from */
	uint32_t open_fid;    /* opened, or P9FS_NO_FID */
	bool can_write;       /* the open one */
	uint64_t entry;       /* of a directory: the entry that the last reading ended at, ... */
	uint64_t offset;      /* ... and the server's offset of it */
} p9fs_node_t;

static inline p9fs_volume_t *p9fs_volume_of(vfs_t *fs)
{
	return container_of(fs, p9fs_volume_t, fs);
}

static inline p9fs_node_t *p9fs_node_of(vfs_node_t *node)
{
	return container_of(node, p9fs_node_t, node);
}

/** The node behind @p fid, which it takes over (also on an error), with a new reference. */
ax_err_t p9fs_node_get(p9fs_volume_t *volume, uint32_t fid, const p9_qid_t *qid, vfs_node_t **node);

/** End its fids and free it. It is in no table. */
void p9fs_node_free(p9fs_volume_t *volume, p9fs_node_t *node);

/** Have open_fid, for writing if that is asked. */
ax_err_t p9fs_node_open(p9fs_node_t *node, bool writes);

VFS_OPERATIONS(p9fs);
