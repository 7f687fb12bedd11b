/* SPDX-License-Identifier: Apache-2.0 */
/* Mounting. A file system covers the directory that it is mounted on; walks step over to its root. */
#include "mounts.h"

#include "attributes.h"
#include "lock.h"
#include "walk.h"

#include <memstr/memstr.h>

axfs_name_t *axfs_root, *axfs_current;
axfs_user_t axfs_who = { .mask = 022 };

static axfs_mount_t *s_first, **s_end = &s_first; /* axfs_names_lock; in the order of mounting */
static uint64_t s_last_number;                    /* likewise */

const axfs_mount_t *axfs_mount_of(const vfs_t *fs)
{
	return fs->user;
}

static ax_err_t new_mount(vfs_t *fs, axfs_mount_t **mount)
{
	axfs_mount_t *made = axfs_host.allocate(sizeof *made);
	if (!made)
		return AX_ERR_NO_MEMORY;
	*made = (axfs_mount_t){ .fs = fs };
	vfs_node_get(fs->root);
	ax_err_t error = axfs_name_new(NULL, "", 0, 0, fs->root, &made->root);
	if (error != AX_OK) {
		vfs_node_put(fs->root);
		axfs_host.free(made);
		return error;
	}
	made->root->flags = AXFS_NAME_ROOT;
	made->root->mount = made;
	fs->user = made;
	*mount = made;
	return AX_OK;
}

/* Lock held. */
static void enter(axfs_mount_t *mount)
{
	mount->number = ++s_last_number;
	*s_end = mount;
	s_end = &mount->next;
	axfs_path_forget_all();
}

ax_err_t axfs_mount_root(vfs_t *fs)
{
	axfs_mount_t *mount;
	ax_err_t error = new_mount(fs, &mount);
	if (error != AX_OK)
		return error;
	SPIN_GUARD(&axfs_names_lock);
	enter(mount);
	axfs_root = axfs_current = mount->root;
	axfs_name_get(axfs_current);
	return AX_OK;
}

/* Cover @p point, whose reference is taken over, if it is free. */
static ax_err_t cover(axfs_mount_t *mount, axfs_name_t *point)
{
	SPIN_GUARD(&axfs_names_lock);
	if (point->flags & (AXFS_NAME_ROOT | AXFS_NAME_COVERED))
		return AX_ERR_BUSY;
	if (!(point->flags & AXFS_NAME_FINDABLE))
		return AX_ERR_NOT_SUPPORTED; /* it would not be this name that the next walk finds */
	point->flags |= AXFS_NAME_COVERED;
	point->mount = mount;
	mount->point = point;
	enter(mount);
	return AX_OK;
}

static void free_mount(axfs_mount_t *mount)
{
	axfs_name_put(mount->root);
	if (mount->point)
		axfs_name_put(mount->point);
	axfs_host.free(mount);
}

ax_err_t axfs_mount(vfs_t *fs, const char *path)
{
	axfs_mount_t *mount;
	axfs_name_t *point;
	bool own;
	ax_err_t error = axfs_walk(NULL, path, 0, &point, &own);
	if (error != AX_OK)
		return error;
	error = vfs_is_directory(point->node) ? new_mount(fs, &mount) : AX_ERR_NOT_A_DIRECTORY;
	if (error == AX_OK) {
		error = cover(mount, point);
		if (error != AX_OK)
			free_mount(mount);
	}
	if (error != AX_OK)
		axfs_name_put(point);
	return error;
}

/* Out of the list, and off the directory, if nothing is in use but the mount itself. Lock held. */
static ax_err_t uncover(axfs_mount_t *mount)
{
	if (!mount->point || mount->root->references > 1)
		return AX_ERR_BUSY;
	axfs_mount_t **at = &s_first;
	while (*at != mount)
		at = &(*at)->next;
	*at = mount->next;
	if (s_end == &mount->next)
		s_end = at;
	mount->point->flags &= (uint8_t)~AXFS_NAME_COVERED;
	mount->point->mount = NULL;
	axfs_path_forget_all();
	return AX_OK;
}

ax_err_t axfs_unmount(const char *path)
{
	axfs_name_t *name;
	bool own;
	ax_err_t error = axfs_walk(NULL, path, 0, &name, &own);
	if (error != AX_OK)
		return error;
	if (!(name->flags & AXFS_NAME_ROOT)) {
		axfs_name_put(name);
		return AX_ERR_INVALID_INPUT;
	}
	axfs_mount_t *mount = name->mount;
	vfs_t *fs = mount->fs;
	axfs_names_forget(fs);
	{
		SPIN_GUARD(&axfs_names_lock);
		axfs_path_forget(name);
		name->references--; /* the walk's: the mount has another */
		error = uncover(mount);
	}
	if (error != AX_OK)
		return error;
	free_mount(mount);
	return AXFS_FS_OPS(fs)->unmount(fs);
}

void axfs_each_mount(bool (*each)(void *context, const axfs_mount_info_t *mount), void *context)
{
	char path[1024];
	for (axfs_mount_t *mount = s_first; mount; mount = mount->next) {
		const ax_file_t root = { .node = mount->root->node, .name = mount->root };
		size_t bytes;
		if (ax_file_path(&root, path, sizeof path, &bytes) != AX_OK)
			memcpy(path, "?", 2);
		if (!each(context, &(axfs_mount_info_t){ path, mount->fs, mount->number }))
			break;
	}
}

static void store(axfs_name_t *name)
{
	vfs_node_t *node = name->node;
	AXFS_HOLD(node);
	ax_err_t error = axfs_store_attributes(node);
	(void)error; /* the device's own sync() meets it again */
}

ax_err_t axfs_sync(void)
{
	ax_err_t error = AX_OK;
	axfs_names_each(store);
	for (axfs_mount_t *mount = s_first; mount; mount = mount->next) {
		if (!AXFS_FS_OPS(mount->fs)->sync)
			continue;
		AXFS_HOLD(mount->fs->root);
		ax_err_t one = AXFS_FS_OPS(mount->fs)->sync(mount->fs);
		error = error == AX_OK ? one : error;
	}
	return error;
}

ax_err_t axfs_finish_all(void)
{
	ax_err_t error = AX_OK;
	for (axfs_mount_t *mount = s_first; mount; mount = mount->next) {
		if (!AXFS_FS_OPS(mount->fs)->finish)
			continue;
		AXFS_HOLD(mount->fs->root);
		ax_err_t one = AXFS_FS_OPS(mount->fs)->finish(mount->fs);
		error = error == AX_OK ? one : error;
	}
	return error;
}

axfs_user_t axfs_user(void)
{
	return axfs_who;
}

void axfs_set_user(axfs_user_t user)
{
	axfs_who = user;
}

uint32_t axfs_set_mask(uint32_t mask)
{
	uint32_t old = axfs_who.mask;
	axfs_who.mask = mask & 0777;
	return old;
}
