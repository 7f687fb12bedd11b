/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that are made, removed, renamed. Each finds its names first, then holds the directories and looks whether
 * they are still what was found: if not, all over again.
 */
#include "change.h"

#include "lock.h"
#include "walk.h"

#include <axfs/path.h>
#include <memstr/memstr.h>

/* The directory that @p name is in, with a reference. */
static axfs_name_t *parent_of(axfs_name_t *name)
{
	SPIN_GUARD(&axfs_names_lock);
	axfs_name_get(name->parent);
	return name->parent;
}

/* Whether @p name is still in @p parent, and can be found there if names of this file system can. Directory held. */
static bool is_still_in(const axfs_name_t *name, const axfs_name_t *parent)
{
	return name->parent == parent &&
	       ((name->flags & AXFS_NAME_FINDABLE) || (parent->node->fs->flags & VFS_NO_CACHE));
}

/* May the user add to, or remove from, this directory? */
static ax_err_t check_directory(const vfs_node_t *directory)
{
	if (directory->fs->flags & VFS_READ_ONLY)
		return AX_ERR_READ_ONLY;
	if (!axfs_may(directory, 2 | 1))
		return AX_ERR_ACCESS_DENIED;
	return directory->links ? AX_OK : AX_ERR_NOT_FOUND;
}

/* In a directory with the sticky bit a name is removed by its owner, or the directory's. */
static ax_err_t check_removal(const vfs_node_t *directory, const vfs_node_t *node)
{
	const uint32_t uid = axfs_who.uid;
	ax_err_t error = check_directory(directory);
	if (error == AX_OK && uid && (directory->mode & 01000) && uid != directory->uid && uid != node->uid)
		return AX_ERR_NOT_PERMITTED;
	return error;
}

/* A name that was missing leads to @p node from now on. Directory held. */
static void appear(axfs_name_t *name, axfs_name_t *parent, vfs_node_t *node)
{
	{
		SPIN_GUARD(&axfs_names_lock);
		(void)axfs_name_turn(name, node);
		if (vfs_is_symlink(node))
			axfs_path_forget(name);
	}
	vfs_node_mark(parent->node, VFS_MODIFIED | VFS_CHANGED);
}

static ax_err_t make_in(axfs_name_t *parent, axfs_name_t *name, const axfs_new_t *what)
{
	vfs_node_t *directory = parent->node, *node;
	AXFS_HOLD(directory);
	if (!is_still_in(name, parent))
		return AXFS_AGAIN;
	if (name->node)
		return AX_ERR_ALREADY_EXISTS;
	ax_err_t error = check_directory(directory);
	if (error != AX_OK)
		return error;
	if (!AXFS_OPS(directory)->create)
		return AX_ERR_NOT_PERMITTED;
	vfs_new_t full = {
		.mode = what->mode, .uid = axfs_who.uid, .gid = axfs_who.gid, .device = what->device, .target = what->target,
		.target_bytes = what->target_bytes,
	};
	if ((what->mode & VFS_TYPE_MASK) != VFS_SYMLINK)
		full.mode &= ~(axfs_who.mask & 0777);
	if (directory->mode & 02000) { /* what is made in it has its group */
		full.gid = directory->gid;
		full.mode |= (what->mode & VFS_TYPE_MASK) == VFS_DIRECTORY ? 02000u : 0;
	}
	error = AXFS_OPS(directory)->create(directory, name->text, name->bytes, &full, &node);
	if (error == AX_OK)
		appear(name, parent, node);
	return error;
}

ax_err_t axfs_make(axfs_name_t *name, const axfs_new_t *what)
{
	axfs_name_t *parent = parent_of(name);
	ax_err_t error = make_in(parent, name, what);
	axfs_name_put(parent);
	return error;
}

static ax_err_t make_at_once(const ax_file_t *directory, const char *path, const axfs_new_t *what)
{
	axfs_name_t *name;
	bool own;
	const bool is_directory = (what->mode & VFS_TYPE_MASK) == VFS_DIRECTORY;
	const unsigned how = AXFS_WALK_NEW | AXFS_WALK_NO_FOLLOW | (is_directory ? AXFS_WALK_NEW_DIRECTORY : 0);
	ax_err_t error = axfs_walk(directory, path, how, &name, &own);
	if (error != AX_OK)
		return error;
	error = name->node ? AX_ERR_ALREADY_EXISTS : axfs_make(name, what);
	axfs_name_put(name);
	return error;
}

static ax_err_t make_at(const ax_file_t *directory, const char *path, const axfs_new_t *what)
{
	ax_err_t error;
	do
		error = make_at_once(directory, path, what);
	while (error == AXFS_AGAIN);
	return error;
}

ax_err_t ax_path_make_directory_at(const ax_file_t *directory, const char *path, uint32_t mode)
{
	return make_at(directory, path, &(axfs_new_t){ .mode = VFS_DIRECTORY | (mode & VFS_PERMISSIONS) });
}

ax_err_t ax_path_make_node_at(const ax_file_t *directory, const char *path, uint32_t mode, uint64_t device)
{
	switch (mode & VFS_TYPE_MASK) {
	case VFS_REGULAR:
	case VFS_PIPE:
	case VFS_SOCKET:
		break;
	case VFS_CHARACTER_DEVICE:
	case VFS_BLOCK_DEVICE:
		if (axfs_who.uid)
			return AX_ERR_NOT_PERMITTED;
		break;
	default:
		return AX_ERR_INVALID_INPUT;
	}
	return make_at(directory, path, &(axfs_new_t){ .mode = mode & (VFS_TYPE_MASK | VFS_PERMISSIONS), .device = device });
}

ax_err_t ax_path_symlink_at(const char *target, const ax_file_t *directory, const char *path)
{
	enum { TARGET_BYTES_MAX = 4095 };
	const size_t bytes = strnlen(target, TARGET_BYTES_MAX + 1);
	if (bytes == 0)
		return AX_ERR_NOT_FOUND;
	if (bytes > TARGET_BYTES_MAX)
		return AX_ERR_NAME_TOO_LONG;
	return make_at(directory, path,
		       &(axfs_new_t){ .mode = VFS_SYMLINK | 0777, .target = target, .target_bytes = bytes });
}

/* Hard links */

static ax_err_t link_in(axfs_name_t *parent, axfs_name_t *name, vfs_node_t *node)
{
	vfs_node_t *directory = parent->node;
	if (directory->fs != node->fs)
		return AX_ERR_CROSS_DEVICE;
	axfs_hold_set_t held = { { directory, node } };
	axfs_hold_all(&held);
	ax_err_t error = !is_still_in(name, parent) ? AXFS_AGAIN
		       : name->node		    ? AX_ERR_ALREADY_EXISTS
						    : check_directory(directory);
	if (error == AX_OK && !AXFS_OPS(directory)->link)
		error = AX_ERR_NOT_PERMITTED;
	if (error == AX_OK)
		error = AXFS_OPS(directory)->link(directory, name->text, name->bytes, node);
	if (error == AX_OK) {
		vfs_node_get(node);
		vfs_node_mark(node, VFS_CHANGED);
		appear(name, parent, node);
	}
	axfs_let_go_all(&held);
	return error;
}

static ax_err_t link_at_once(vfs_node_t *node, const ax_file_t *directory, const char *path)
{
	axfs_name_t *name;
	bool own;
	ax_err_t error = axfs_walk(directory, path, AXFS_WALK_NEW | AXFS_WALK_NO_FOLLOW, &name, &own);
	if (error != AX_OK)
		return error;
	if (name->node) {
		error = AX_ERR_ALREADY_EXISTS;
	} else {
		axfs_name_t *parent = parent_of(name);
		error = link_in(parent, name, node);
		axfs_name_put(parent);
	}
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_link_at(const ax_file_t *old_directory, const char *old_path, const ax_file_t *new_directory,
			 const char *new_path, uint32_t flags)
{
	axfs_name_t *name;
	bool own;
	ax_err_t error;

	if (!*old_path && (flags & AX_PATH_EMPTY) && old_directory) { /* an open file */
		if (vfs_is_directory(old_directory->node))
			return AX_ERR_NOT_PERMITTED;
		do
			error = link_at_once(old_directory->node, new_directory, new_path);
		while (error == AXFS_AGAIN);
		return error;
	}
	error = axfs_walk(old_directory, old_path, flags & AX_PATH_FOLLOW ? 0 : AXFS_WALK_NO_FOLLOW, &name, &own);
	if (error != AX_OK)
		return error;
	do
		error = vfs_is_directory(name->node) ? AX_ERR_NOT_PERMITTED
						     : link_at_once(name->node, new_directory, new_path);
	while (error == AXFS_AGAIN);
	axfs_name_put(name);
	return error;
}

/* Removal */

static bool is_mounted(const axfs_name_t *name)
{
	return name->flags & (AXFS_NAME_ROOT | AXFS_NAME_COVERED);
}

/*
 * The name's node has gone from under it: it is missing, or, if others still use it, cannot be found. Directory held.
 * @return the node, with a reference to be given back when nothing is held, or NULL
 */
static vfs_node_t *disappear(axfs_name_t *name)
{
	SPIN_GUARD(&axfs_names_lock);
	if (!vfs_is_regular(name->node))
		axfs_path_forget_all();
	if (name->references == 1 && (name->flags & AXFS_NAME_FINDABLE))
		return axfs_name_turn(name, NULL);
	axfs_name_hide(name);
	return NULL;
}

static ax_err_t unlink_in(axfs_name_t *parent, axfs_name_t *name)
{
	vfs_node_t *directory = parent->node, *node = name->node, *gone = NULL;
	axfs_hold_set_t held = { { directory, node } };
	axfs_hold_all(&held);
	ax_err_t error = is_still_in(name, parent) ? check_removal(directory, node) : AXFS_AGAIN;
	if (error == AX_OK && is_mounted(name))
		error = AX_ERR_BUSY;
	if (error == AX_OK && !AXFS_OPS(directory)->unlink)
		error = AX_ERR_NOT_PERMITTED;
	if (error == AX_OK)
		error = AXFS_OPS(directory)->unlink(directory, name->text, name->bytes, node);
	if (error == AX_OK) {
		vfs_node_mark(directory, VFS_MODIFIED | VFS_CHANGED);
		vfs_node_mark(node, VFS_CHANGED);
		gone = disappear(name);
	}
	axfs_let_go_all(&held);
	if (gone)
		axfs_node_put(gone);
	return error;
}

static ax_err_t check_kind(const vfs_node_t *node, uint32_t flags)
{
	if (flags & AX_PATH_DIRECTORY)
		return vfs_is_directory(node) ? AX_OK : AX_ERR_NOT_A_DIRECTORY;
	return vfs_is_directory(node) ? AX_ERR_IS_A_DIRECTORY : AX_OK;
}

/* What a path means that ends in "." or ".." (POSIX, rmdir()), or is the root. */
static ax_err_t refuse_place(const axfs_name_t *name, const char *path, uint32_t flags)
{
	const size_t bytes = strlen(path);
	if (!(flags & AX_PATH_DIRECTORY))
		return AX_ERR_IS_A_DIRECTORY;
	if (is_mounted(name))
		return AX_ERR_BUSY;
	return bytes >= 2 && path[bytes - 1] == '.' && path[bytes - 2] == '.' ? AX_ERR_NOT_EMPTY : AX_ERR_INVALID_INPUT;
}

static ax_err_t unlink_at_once(const ax_file_t *directory, const char *path, uint32_t flags)
{
	axfs_name_t *name;
	bool own;
	ax_err_t error = axfs_walk(directory, path, AXFS_WALK_NO_FOLLOW, &name, &own);
	if (error != AX_OK)
		return error;
	if (!own)
		error = refuse_place(name, path, flags);
	else if (is_mounted(name))
		error = AX_ERR_BUSY;
	else
		error = check_kind(name->node, flags);
	if (error == AX_OK) {
		if (flags & AX_PATH_DIRECTORY)
			axfs_names_forget_below(name);
		axfs_name_t *parent = parent_of(name);
		error = unlink_in(parent, name);
		axfs_name_put(parent);
	}
	axfs_name_put(name);
	return error;
}

ax_err_t ax_path_unlink_at(const ax_file_t *directory, const char *path, uint32_t flags)
{
	ax_err_t error;
	do
		error = unlink_at_once(directory, path, flags);
	while (error == AXFS_AGAIN);
	return error;
}
