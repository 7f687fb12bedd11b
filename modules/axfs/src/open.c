/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening and closing. A path that was opened before, and is not to be made or cut, takes one look into the cache of
 * paths.
 */
#include "open.h"

#include "change.h"
#include "lock.h"
#include "walk.h"

#include <axfs/axfs.h>

/* Whether what stands at @p node may be opened like this. */
static AX_ALWAYS_INLINE ax_err_t check(const vfs_node_t *node, uint32_t flags)
{
	const uint32_t type = vfs_type(node);
	if (unlikely(type != VFS_REGULAR)) {
		if (type == VFS_SYMLINK && !(flags & AX_OPEN_PATH))
			return AX_ERR_TOO_MANY_SYMLINKS; /* AX_OPEN_NO_FOLLOW */
		if (type == VFS_DIRECTORY && (flags & (AX_OPEN_WRITE | AX_OPEN_CREATE)))
			return AX_ERR_IS_A_DIRECTORY;
		if (type == VFS_SOCKET && !(flags & AX_OPEN_PATH))
			return AX_ERR_NOT_SUPPORTED;
	}
	if ((flags & AX_OPEN_DIRECTORY) && type != VFS_DIRECTORY)
		return AX_ERR_NOT_A_DIRECTORY;
	if (flags & AX_OPEN_PATH)
		return AX_OK;
	if ((flags & AX_OPEN_WRITE) && type == VFS_REGULAR && (node->fs->flags & VFS_READ_ONLY))
		return AX_ERR_READ_ONLY;
	if (unlikely(axfs_who.uid)) {
		const uint32_t wanted = (flags & AX_OPEN_READ ? 4u : 0) | (flags & AX_OPEN_WRITE ? 2u : 0);
		if (!axfs_may(node, wanted))
			return AX_ERR_ACCESS_DENIED;
	}
	return AX_OK;
}

/* The file stands on @p name, whose reference it takes over. */
static AX_ALWAYS_INLINE void stand_on(ax_file_t *file, axfs_name_t *name, uint32_t flags)
{
	const uint32_t type = vfs_type(name->node);
	_Static_assert(AXFS_CAN_READ == AX_OPEN_READ << 12 && AXFS_CAN_WRITE == AX_OPEN_WRITE << 12, "one shift for both");
	if (likely(type != VFS_DIRECTORY && !(flags & AX_OPEN_PATH)))
		flags |= (flags & AX_OPEN_READ_WRITE) << 12;
	if (unlikely(type != VFS_REGULAR && type != VFS_DIRECTORY))
		flags |= AXFS_IS_DEVICE;
	file->node = name->node;
	file->name = name;
	file->position = 0;
	file->flags = flags;
}

static ax_err_t cut(vfs_node_t *node)
{
	AXFS_HOLD(node);
	ax_err_t error = AXFS_OPS(node)->truncate ? AXFS_OPS(node)->truncate(node, 0) : AX_ERR_NOT_SUPPORTED;
	if (error == AX_OK)
		vfs_node_mark(node, VFS_MODIFIED | VFS_CHANGED);
	return error;
}

/* Make the file that @p name does not lead to yet. If somebody else just has: that one. */
static ax_err_t make(axfs_name_t *name, uint32_t flags, uint32_t mode)
{
	ax_err_t error = axfs_make(name, &(axfs_new_t){ .mode = VFS_REGULAR | (mode & VFS_PERMISSIONS) });
	return error == AX_ERR_ALREADY_EXISTS && !(flags & AX_OPEN_EXCLUSIVE) ? AX_OK : error;
}

[[gnu::noinline]] static ax_err_t open_slowly(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t mode,
					      axfs_path_key_t *key, axfs_name_t *cached, ax_file_t *file)
{
	axfs_name_t *name = cached;
	bool own = true, made = false;
	const bool to_make = flags & AX_OPEN_CREATE;
	const unsigned how = (flags & AX_OPEN_NO_FOLLOW || (to_make && flags & AX_OPEN_EXCLUSIVE) ? AXFS_WALK_NO_FOLLOW : 0) |
			     (to_make ? AXFS_WALK_NEW : 0);

	ax_err_t error = name ? AX_OK : axfs_walk_on(directory, path, how, key, &name, &own);
	if (error != AX_OK)
		return error;
	if (!name->node && to_make) {
		error = make(name, flags, mode);
		made = error == AX_OK;
	} else if (!name->node) {
		error = AX_ERR_NOT_FOUND;
	} else if (to_make && (flags & AX_OPEN_EXCLUSIVE)) {
		error = AX_ERR_ALREADY_EXISTS;
	}
	if (error == AX_OK && !made)
		error = check(name->node, flags);
	if (error == AX_OK && !made && (flags & AX_OPEN_TRUNCATE) && (flags & AX_OPEN_WRITE) && vfs_is_regular(name->node))
		error = cut(name->node);
	if (error == AX_OK)
		stand_on(file, name, flags);
	else
		axfs_name_put(name);
	return error;
}

ax_err_t ax_file_open_at(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t mode, ax_file_t *file)
{
	axfs_path_key_t key;
	ax_err_t error;

	if (unlikely(flags & ~(uint32_t)AX_OPEN_FLAGS))
		return AX_ERR_INVALID_INPUT;
	axfs_name_t *name = axfs_walk_cached(directory, path, &key);
	if (unlikely(!name || !name->node || (flags & (AX_OPEN_TRUNCATE | AX_OPEN_EXCLUSIVE)))) {
		do
			error = open_slowly(directory, path, flags, mode, &key, name, file);
		while (error == AXFS_AGAIN && !(name = NULL));
		return error;
	}
	error = check(name->node, flags);
	if (likely(error == AX_OK))
		stand_on(file, name, flags);
	else
		axfs_name_put(name);
	return error;
}

ax_err_t ax_file_open(const char *path, uint32_t flags, ax_file_t *file)
{
	return ax_file_open_at(NULL, path, flags, 0666, file);
}

[[gnu::noinline]] static void stamp(vfs_node_t *node)
{
	AXFS_HOLD(node);
	vfs_node_stamp(node);
}

void ax_file_close(ax_file_t *file)
{
	vfs_node_t *node = file->node;
	if (!node)
		return;
	file->node = NULL;
	if (unlikely(node->due))
		stamp(node);
	axfs_name_put(file->name);
}

void ax_file_copy(const ax_file_t *file, ax_file_t *copy)
{
	if (file->node) {
		SPIN_GUARD(&axfs_names_lock);
		axfs_name_get(file->name);
	}
	*copy = *file;
}
