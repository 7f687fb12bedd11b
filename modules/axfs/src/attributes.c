/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes: looked at, changed. */
#include "attributes.h"

#include "lock.h"
#include "walk.h"

ax_err_t axfs_stat(vfs_node_t *node, ax_stat_t *stat)
{
	AXFS_HOLD(node);
	if (AXFS_OPS(node)->load_attributes) {
		ax_err_t error = AXFS_OPS(node)->load_attributes(node);
		if (error != AX_OK)
			return error;
	}
	vfs_node_stamp(node);
	*stat = (ax_stat_t){
		.file_system = axfs_mount_of(node->fs)->number, .number = node->number, .device = node->device,
		.size = node->size, .blocks = node->blocks, .block_bytes = node->fs->block_bytes, .mode = node->mode,
		.links = node->links, .uid = node->uid, .gid = node->gid, .accessed_ns = node->accessed_ns,
		.modified_ns = node->modified_ns, .changed_ns = node->changed_ns, .created_ns = node->created_ns,
	};
	return AX_OK;
}

ax_err_t axfs_statfs(vfs_node_t *node, vfs_statfs_t *stat)
{
	*stat = (vfs_statfs_t){ .block_bytes = node->fs->block_bytes, .name_max = VFS_NAME_MAX };
	if (!AXFS_OPS(node)->statfs)
		return AX_OK;
	AXFS_HOLD(node);
	return AXFS_OPS(node)->statfs(node->fs, stat);
}

ax_err_t axfs_store_attributes(vfs_node_t *node)
{
	vfs_node_stamp(node);
	if (!node->unsaved || !AXFS_OPS(node)->store_attributes)
		return AX_OK;
	ax_err_t error = AXFS_OPS(node)->store_attributes(node, node->unsaved);
	if (error == AX_OK)
		node->unsaved = 0;
	return error;
}

static bool is_read_only(const vfs_node_t *node)
{
	return node->fs->flags & VFS_READ_ONLY;
}

ax_err_t axfs_truncate(vfs_node_t *node, uint64_t size)
{
	if (vfs_is_directory(node))
		return AX_ERR_IS_A_DIRECTORY;
	if (is_read_only(node))
		return AX_ERR_READ_ONLY;
	if (!vfs_is_regular(node) || !AXFS_OPS(node)->truncate)
		return AX_ERR_INVALID_INPUT;
	AXFS_HOLD(node);
	ax_err_t error = AXFS_OPS(node)->truncate(node, size);
	if (error == AX_OK)
		vfs_node_mark(node, VFS_MODIFIED | VFS_CHANGED);
	return error;
}

/* Attributes that a user has set are stored at once. */
static ax_err_t store_changed(vfs_node_t *node, uint32_t which)
{
	vfs_node_mark(node, VFS_CHANGED);
	node->unsaved |= which;
	return axfs_store_attributes(node);
}

static bool is_owner(const vfs_node_t *node)
{
	return axfs_who.uid == 0 || axfs_who.uid == node->uid;
}

ax_err_t axfs_set_mode(vfs_node_t *node, uint32_t mode)
{
	if (is_read_only(node))
		return AX_ERR_READ_ONLY;
	AXFS_HOLD(node);
	if (!is_owner(node))
		return AX_ERR_NOT_PERMITTED;
	if (node->fs->flags & VFS_NO_OWNERS)
		mode = mode & 0200 ? node->mode | 0200 : node->mode & ~0222u;
	node->mode = vfs_type(node) | (mode & VFS_PERMISSIONS);
	return store_changed(node, VFS_SET_MODE);
}

ax_err_t axfs_set_owner(vfs_node_t *node, uint32_t uid, uint32_t gid)
{
	if (is_read_only(node))
		return AX_ERR_READ_ONLY;
	AXFS_HOLD(node);
	uid = uid == AX_OWNER_KEEP ? node->uid : uid;
	gid = gid == AX_OWNER_KEEP ? node->gid : gid;
	const bool changes = uid != node->uid || gid != node->gid;
	if (changes && (node->fs->flags & VFS_NO_OWNERS))
		return AX_ERR_NOT_PERMITTED;
	if (axfs_who.uid && (uid != node->uid || !is_owner(node) || (gid != node->gid && gid != axfs_who.gid)))
		return AX_ERR_NOT_PERMITTED;
	node->uid = uid;
	node->gid = gid;
	if (axfs_who.uid && vfs_is_regular(node))
		node->mode &= ~06000u;
	return store_changed(node, VFS_SET_OWNER | VFS_SET_MODE);
}

ax_err_t axfs_set_times(vfs_node_t *node, int64_t accessed_ns, int64_t modified_ns)
{
	const bool both_now = accessed_ns == AX_TIME_NOW && modified_ns == AX_TIME_NOW;
	if (is_read_only(node))
		return AX_ERR_READ_ONLY;
	AXFS_HOLD(node);
	if (!is_owner(node) && !(both_now && axfs_may(node, 2)))
		return both_now ? AX_ERR_ACCESS_DENIED : AX_ERR_NOT_PERMITTED;
	vfs_node_stamp(node); /* what was due before comes before */
	const int64_t now_ns = node->fs->host->now_ns();
	if (accessed_ns != AX_TIME_KEEP)
		node->accessed_ns = accessed_ns == AX_TIME_NOW ? now_ns : accessed_ns;
	if (modified_ns != AX_TIME_KEEP)
		node->modified_ns = modified_ns == AX_TIME_NOW ? now_ns : modified_ns;
	return store_changed(node, VFS_SET_TIMES);
}
