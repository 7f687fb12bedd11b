/* SPDX-License-Identifier: Apache-2.0 */
/* The operations on names, as the VFS has them. */
#pragma once

#include "volume.h"

ax_err_t names_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node);
ax_err_t names_create(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what,
		      vfs_node_t **node);
ax_err_t names_link(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node);
ax_err_t names_unlink(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node);
ax_err_t names_rename(vfs_node_t *from, const char *from_name, size_t from_bytes, vfs_node_t *node, vfs_node_t *to,
		      const char *to_name, size_t to_bytes, vfs_node_t *replaced);
ax_err_t names_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context);
