/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The nodes that a file system on a device has in memory, by inode number: so that two names of one inode lead to one
 * node. A hash table whose chains run through the nodes' owners; it grows with what it holds.
 *
 *	vfs_node_t *node = vfs_table_find(&table, number);	(with a new reference)
 *	if (!node)	... read the inode, make a node with one reference, vfs_table_add()
 *	in release():	if (vfs_table_remove_unused(&table, link)) ... free the node
 *
 * Locks: a file system with VFS_SERIAL needs none. Others put the table under a lock of their own, lookups included,
 * and keep two threads from reading one inode at the same time (find again after reading it, and drop one's own).
 */
#pragma once

#include <axfs_vfs/vfs.h>

#pragma GCC visibility push(default)

/** Lies in the file system's own node, beside its vfs_node_t. */
typedef struct vfs_table_link {
	struct vfs_table_link *next;
	vfs_node_t *node;
} vfs_table_link_t;

typedef struct vfs_table {
	const vfs_host_t *host;
	vfs_table_link_t **chains; /* a power of two */
	size_t chain_count, count;
} vfs_table_t;

/** An empty table. @retval AX_ERR_NO_MEMORY */
ax_err_t vfs_table_init(vfs_table_t *self, const vfs_host_t *host);

/** Free the table's own memory; the nodes in it are their file system's. */
void vfs_table_destroy(vfs_table_t *self);

/** The node of this inode number, with a new reference, or NULL. */
vfs_node_t *vfs_table_find(vfs_table_t *self, uint64_t number);

/** Put @p node in, whose number is not in it yet; @p link lives as long as it is there. Never fails. */
void vfs_table_add(vfs_table_t *self, vfs_table_link_t *link, vfs_node_t *node);

/** Take it out if nobody has taken a reference again since the last one was given back; whether it was taken out. */
bool vfs_table_remove_unused(vfs_table_t *self, vfs_table_link_t *link);

/** Any node of the table, or NULL: for an unmount, which takes out one after the other. */
vfs_table_link_t *vfs_table_any(vfs_table_t *self);

#pragma GCC visibility pop
