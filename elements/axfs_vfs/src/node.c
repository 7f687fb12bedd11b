/* SPDX-License-Identifier: Apache-2.0 */
/* References and times of nodes. */
#include <axfs_vfs/vfs.h>

void vfs_node_put(vfs_node_t *node)
{
	if (vfs_node_drop(node) && node->ops->release)
		node->ops->release(node);
}

void vfs_node_stamp(vfs_node_t *node)
{
	if (!node->due)
		return;
	int64_t now_ns = node->fs->host->now_ns();
	if (node->due & VFS_ACCESSED)
		node->accessed_ns = now_ns;
	if (node->due & VFS_MODIFIED)
		node->modified_ns = now_ns;
	if (node->due & (VFS_MODIFIED | VFS_CHANGED))
		node->changed_ns = now_ns;
	node->due = 0;
	node->unsaved |= VFS_SET_TIMES;
}
