/* SPDX-License-Identifier: Apache-2.0 */
/* What is done by a path to what is there. */
#include "attributes.h"
#include "lock.h"
#include "walk.h"

#include <axfs/path.h>

/* The name at the end of @p path, with a reference; AX_PATH_EMPTY: the open file's. */
static ax_err_t find(const ax_file_t *directory, const char *path, uint32_t flags, axfs_name_t **name)
{
	bool own;
	if (!*path && (flags & AX_PATH_EMPTY)) {
		SPIN_GUARD(&axfs_names_lock);
		*name = directory ? directory->name : axfs_current;
		axfs_name_get(*name);
		return AX_OK;
	}
	return axfs_walk(directory, path, flags & AX_PATH_NO_FOLLOW ? AXFS_WALK_NO_FOLLOW : 0, name, &own);
}

ax_err_t ax_path_stat_at(const ax_file_t *directory, const char *path, uint32_t flags, ax_stat_t *stat)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, flags, &name);
	if (error != AX_OK)
		return error;
	error = axfs_stat(name->node, stat);
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_access_at(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t permissions)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, flags, &name);
	if (error != AX_OK)
		return error;
	const vfs_node_t *node = name->node;
	const bool is_data = vfs_is_regular(node) || vfs_is_directory(node) || vfs_is_symlink(node);
	if (!axfs_may(node, permissions))
		error = AX_ERR_ACCESS_DENIED;
	else if ((permissions & 2) && is_data && (node->fs->flags & VFS_READ_ONLY))
		error = AX_ERR_READ_ONLY;
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_read_link_at(const ax_file_t *directory, const char *path, char *buffer, size_t capacity,
			      size_t *bytes)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, AX_PATH_NO_FOLLOW | AX_PATH_EMPTY, &name);
	if (error != AX_OK)
		return error;
	vfs_node_t *node = name->node;
	if (vfs_is_symlink(node)) {
		AXFS_HOLD(node);
		error = AXFS_OPS(node)->read_link(node, buffer, capacity, bytes);
		vfs_node_mark(node, VFS_ACCESSED);
	} else {
		error = AX_ERR_INVALID_INPUT;
	}
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_truncate_at(const ax_file_t *directory, const char *path, uint64_t size)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, 0, &name);
	if (error != AX_OK)
		return error;
	error = axfs_may(name->node, 2) ? axfs_truncate(name->node, size) : AX_ERR_ACCESS_DENIED;
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_set_mode_at(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t mode)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, flags, &name);
	if (error != AX_OK)
		return error;
	error = vfs_is_symlink(name->node) ? AX_ERR_NOT_SUPPORTED : axfs_set_mode(name->node, mode);
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_set_owner_at(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t uid, uint32_t gid)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, flags, &name);
	if (error != AX_OK)
		return error;
	error = axfs_set_owner(name->node, uid, gid);
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_set_times_at(const ax_file_t *directory, const char *path, uint32_t flags, int64_t accessed_ns,
			      int64_t modified_ns)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, flags, &name);
	if (error != AX_OK)
		return error;
	error = axfs_set_times(name->node, accessed_ns, modified_ns);
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_statfs_at(const ax_file_t *directory, const char *path, vfs_statfs_t *stat)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, 0, &name);
	if (error != AX_OK)
		return error;
	error = axfs_statfs(name->node, stat);
	axfs_name_put(name);
	return error;
}

/* The current directory becomes @p name, whose reference is taken over. */
static ax_err_t change_to(axfs_name_t *name)
{
	ax_err_t error = !vfs_is_directory(name->node) ? AX_ERR_NOT_A_DIRECTORY
		       : !axfs_may(name->node, 1)      ? AX_ERR_ACCESS_DENIED
						       : AX_OK;
	if (error == AX_OK) {
		SPIN_GUARD(&axfs_names_lock);
		axfs_name_t *old = axfs_current;
		axfs_current = name;
		name = old;
	}
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_change_at(const ax_file_t *directory, const char *path)
{
	axfs_name_t *name;
	ax_err_t error = find(directory, path, 0, &name);
	return error == AX_OK ? change_to(name) : error;
}

ax_err_t ax_path_change_to(const ax_file_t *directory)
{
	if (!directory->node)
		return AX_ERR_BAD_HANDLE;
	{
		SPIN_GUARD(&axfs_names_lock);
		axfs_name_get(directory->name);
	}
	return change_to(directory->name);
}
