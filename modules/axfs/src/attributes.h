/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes of a node, by whatever way it was found. The caller has a reference, and does not hold the node but
 * where said.
 */
#pragma once

#include <axfs/attributes.h>
#include <axfs_vfs/vfs.h>

ax_err_t axfs_stat(vfs_node_t *node, ax_stat_t *stat);
ax_err_t axfs_statfs(vfs_node_t *node, vfs_statfs_t *stat);
ax_err_t axfs_truncate(vfs_node_t *node, uint64_t size);
ax_err_t axfs_set_mode(vfs_node_t *node, uint32_t mode);
ax_err_t axfs_set_owner(vfs_node_t *node, uint32_t uid, uint32_t gid);
ax_err_t axfs_set_times(vfs_node_t *node, int64_t accessed_ns, int64_t modified_ns);

/** Times that are due, and what is unsaved, to the file system. Node held. */
ax_err_t axfs_store_attributes(vfs_node_t *node);
