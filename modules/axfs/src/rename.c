/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renaming. One at a time: then no directory becomes another one's ancestor while two are held, and the order
 * "ancestor first" is one.
 */
#include "change.h"
#include "lock.h"
#include "walk.h"

#include <axfs/path.h>
#include <memstr/memstr.h>

#if AXFS_FEATURE_MULTITASK
static ax_mutex_t s_lock; /* protects who is whose ancestor */
#define ONE_AT_A_TIME() AX_MUTEX_GUARD(&s_lock)
#else
#define ONE_AT_A_TIME() ((void)0)
#endif

typedef struct renaming {
	axfs_name_t *from, *to;                /* each with a reference; `to` may lead to no node */
	axfs_name_t *from_parent, *to_parent;  /* likewise */
	char *text;                            /* what `from` will be called */
} renaming_t;

static bool is_at_or_below(const axfs_name_t *name, const axfs_name_t *ancestor)
{
	SPIN_GUARD(&axfs_names_lock);
	while (name && name != ancestor)
		name = name->parent;
	return name;
}

static ax_err_t check_kinds(const vfs_node_t *node, const vfs_node_t *replaced)
{
	if (!replaced || vfs_is_directory(node) == vfs_is_directory(replaced))
		return AX_OK;
	return vfs_is_directory(node) ? AX_ERR_NOT_A_DIRECTORY : AX_ERR_IS_A_DIRECTORY;
}

static ax_err_t check_removal(const vfs_node_t *directory, const vfs_node_t *node)
{
	const uint32_t uid = axfs_who.uid;
	if (!axfs_may(directory, 2 | 1))
		return AX_ERR_ACCESS_DENIED;
	if (node && uid && (directory->mode & 01000) && uid != directory->uid && uid != node->uid)
		return AX_ERR_NOT_PERMITTED;
	return directory->links ? AX_OK : AX_ERR_NOT_FOUND;
}

static ax_err_t check_places(const renaming_t *self, uint32_t flags)
{
	enum { MOUNTED = AXFS_NAME_ROOT | AXFS_NAME_COVERED };
	if ((self->from->flags | self->to->flags) & MOUNTED)
		return AX_ERR_BUSY;
	if (self->from_parent->node->fs != self->to_parent->node->fs)
		return AX_ERR_CROSS_DEVICE;
	if (self->to->node && (flags & AX_PATH_NO_REPLACE))
		return AX_ERR_ALREADY_EXISTS;
	if (is_at_or_below(self->to_parent, self->from))
		return AX_ERR_INVALID_INPUT;
	if (is_at_or_below(self->from_parent, self->to))
		return AX_ERR_NOT_EMPTY;
	if (self->from_parent->node->fs->flags & VFS_READ_ONLY)
		return AX_ERR_READ_ONLY;
	return check_kinds(self->from->node, self->to->node);
}

/* Directories, the ancestor first; then what is in them. */
static axfs_hold_set_t hold_set(const renaming_t *self)
{
	axfs_name_t *a = self->from_parent, *b = self->to_parent;
	vfs_node_t *node = self->from->node, *replaced = self->to->node;
	if (is_at_or_below(a, b) || (!is_at_or_below(b, a) && b->node < a->node)) {
		axfs_name_t *first = b;
		b = a;
		a = first;
	}
	if (replaced && replaced < node) {
		vfs_node_t *first = replaced;
		replaced = node;
		node = first;
	}
	return (axfs_hold_set_t){ { a->node, b->node, node, replaced } };
}

static bool is_unchanged(const axfs_name_t *name, const axfs_name_t *parent, const vfs_node_t *node)
{
	return name->parent == parent && name->node == node &&
	       ((name->flags & AXFS_NAME_FINDABLE) || (parent->node->fs->flags & VFS_NO_CACHE));
}

/* The caches follow. Everything held. `to`, with what it led to, can be found no more. */
static void follow(renaming_t *self, axfs_name_t **old_parent, char **old_text)
{
	vfs_node_t *node = self->from->node, *replaced = self->to->node;
	const bool ways_change = !vfs_is_regular(node) || (replaced && !vfs_is_regular(replaced));
	SPIN_GUARD(&axfs_names_lock);
	if (ways_change)
		axfs_path_forget_all();
	axfs_name_hide(self->to);
	axfs_name_move(self->from, self->to_parent, self->text, self->to->bytes, old_parent, old_text);
	self->text = NULL;
}

static void mark_all(const renaming_t *self)
{
	vfs_node_mark(self->from_parent->node, VFS_MODIFIED | VFS_CHANGED);
	vfs_node_mark(self->to_parent->node, VFS_MODIFIED | VFS_CHANGED);
	vfs_node_mark(self->from->node, VFS_CHANGED);
	if (self->to->node)
		vfs_node_mark(self->to->node, VFS_CHANGED);
}

static ax_err_t rename_held(renaming_t *self, vfs_node_t *replaced)
{
	const axfs_name_t *from = self->from, *to = self->to;
	vfs_node_t *old_directory = self->from_parent->node, *new_directory = self->to_parent->node;
	if (!is_unchanged(from, self->from_parent, from->node) || !is_unchanged(to, self->to_parent, replaced))
		return AXFS_AGAIN;
	ax_err_t error = check_removal(old_directory, from->node);
	if (error == AX_OK)
		error = check_removal(new_directory, replaced);
	if (error == AX_OK && !AXFS_OPS(old_directory)->rename)
		error = AX_ERR_NOT_PERMITTED;
	if (error == AX_OK)
		error = AXFS_OPS(old_directory)->rename(old_directory, from->text, from->bytes, from->node, new_directory,
							to->text, to->bytes, replaced);
	return error;
}

static ax_err_t rename_now(renaming_t *self)
{
	axfs_name_t *old_parent = NULL;
	char *old_text = NULL;
	vfs_node_t *const replaced = self->to->node;

	if (replaced && vfs_is_directory(replaced))
		axfs_names_forget_below(self->to);
	axfs_hold_set_t held = hold_set(self);
	axfs_hold_all(&held);
	ax_err_t error = rename_held(self, replaced);
	if (error == AX_OK) {
		mark_all(self);
		follow(self, &old_parent, &old_text);
	}
	axfs_let_go_all(&held);
	axfs_host.free(old_text);
	if (old_parent)
		axfs_name_put(old_parent);
	return error;
}

static axfs_name_t *parent_of(axfs_name_t *name)
{
	SPIN_GUARD(&axfs_names_lock);
	if (name->parent)
		axfs_name_get(name->parent);
	return name->parent;
}

static ax_err_t rename_found(renaming_t *self, uint32_t flags)
{
	ax_err_t error = self->from_parent && self->to_parent ? check_places(self, flags) : AX_ERR_BUSY;
	if (error != AX_OK)
		return error;
	if (self->from->node == self->to->node)
		return AX_OK; /* two names of one file: POSIX, rename() */
	self->text = axfs_host.allocate(self->to->bytes);
	if (!self->text)
		return AX_ERR_NO_MEMORY;
	memcpy(self->text, self->to->text, self->to->bytes);
	error = rename_now(self);
	axfs_host.free(self->text);
	return error;
}

static ax_err_t rename_at_once(const ax_file_t *old_directory, const char *old_path, const ax_file_t *new_directory,
			       const char *new_path, uint32_t flags)
{
	bool own;
	renaming_t self = {};
	ax_err_t error = axfs_walk(old_directory, old_path, AXFS_WALK_NO_FOLLOW, &self.from, &own);
	if (error != AX_OK)
		return error;
	if (own) {
		const unsigned how = AXFS_WALK_NO_FOLLOW | AXFS_WALK_NEW |
				     (vfs_is_directory(self.from->node) ? AXFS_WALK_NEW_DIRECTORY : 0);
		error = axfs_walk(new_directory, new_path, how, &self.to, &own);
	}
	if (error == AX_OK && !own)
		error = AX_ERR_BUSY; /* ".", "..", "/" */
	if (error == AX_OK) {
		self.from_parent = parent_of(self.from);
		self.to_parent = parent_of(self.to);
		error = rename_found(&self, flags);
	}
	axfs_name_t *const names[] = { self.to_parent, self.from_parent, self.to, self.from };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i])
			axfs_name_put(names[i]);
	}
	return error;
}

ax_err_t ax_path_rename_at(const ax_file_t *old_directory, const char *old_path, const ax_file_t *new_directory,
			   const char *new_path, uint32_t flags)
{
	ax_err_t error;
	ONE_AT_A_TIME();
	do
		error = rename_at_once(old_directory, old_path, new_directory, new_path, flags);
	while (error == AXFS_AGAIN);
	return error;
}
