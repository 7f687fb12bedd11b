/* SPDX-License-Identifier: Apache-2.0 */
/* From a path to a name. */
#pragma once

#include "mounts.h"
#include "paths.h"

enum {
	AXFS_WALK_NO_FOLLOW = 1,   /* a symbolic link at the end is the result */
	AXFS_WALK_NEW = 2,         /* the last component may be missing: the result leads to no node */
	AXFS_WALK_NEW_DIRECTORY = 4, /* with NEW: even with a slash behind it */
};

/**
 * The name that @p path ends at, with a reference. Its last component was a name of its own, not "." or "..", if the
 * name's parent is where the walk looked it up: *own says so.
 */
ax_err_t axfs_walk(const ax_file_t *directory, const char *path, unsigned how, axfs_name_t **name, bool *own);

/** May the user do @p permissions (4: read, 2: write, 1: execute or search) with the node? */
bool axfs_may(const vfs_node_t *node, uint32_t permissions);

/**
 * The name of @p text in the directory @p parent, with a reference; it may lead to no node.
 * @retval AX_ERR_NO_MEMORY, and what the file system says
 */
ax_err_t axfs_step(axfs_name_t *parent, const char *text, size_t bytes, axfs_name_t **name);

/** Where a walk begins; lock held, no reference. */
static AX_ALWAYS_INLINE axfs_name_t *axfs_walk_start(const ax_file_t *directory, const char *path)
{
	return *path == '/' ? axfs_root : directory ? directory->name : axfs_current;
}

/**
 * The name that the path's cache knows, with a reference, or NULL; @p key is filled in either way. The whole of
 * looking up a path that was looked up before.
 */
static AX_ALWAYS_INLINE axfs_name_t *axfs_walk_cached(const ax_file_t *directory, const char *path, axfs_path_key_t *key)
{
	SPIN_GUARD(&axfs_names_lock);
	axfs_path_make_key(key, axfs_walk_start(directory, path)->id, path);
	key->generation = axfs_path_generation;
	axfs_name_t *name = likely(key->count) ? axfs_path_find(key) : NULL;
	if (unlikely(!name || axfs_who.uid))
		return NULL;
	axfs_name_get(name);
	return name;
}

/** The rest of axfs_walk(), after axfs_walk_cached() has found nothing. */
ax_err_t axfs_walk_on(const ax_file_t *directory, const char *path, unsigned how, axfs_path_key_t *key,
		      axfs_name_t **name, bool *own);
