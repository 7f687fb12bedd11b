/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Path look-up, component by component (POSIX, XBD 4.16 "Pathname Resolution"). Each step holds a reference to the name
 * that it stands at; a directory is held only while its file system is asked.
 */
#include "walk.h"

#include "lock.h"

#include <memstr/memstr.h>

enum {
	PATH_BYTES_MAX = 4096, /* with the NUL: PATH_MAX of Linux */
	SYMLINKS_MAX = 40,
};

typedef struct walk {
	axfs_name_t *at;      /* with a reference */
	const char *rest;     /* of the path, or of `buffer` */
	char *buffer;         /* PATH_BYTES_MAX bytes, once a symbolic link was met: its text, then the rest */
	unsigned symlinks;
	bool own;             /* `at` is the name of the last component */
	bool linked;          /* the last component is, or led through, a symbolic link */
	bool slash;           /* there is one behind it */
} walk_t;

bool axfs_may(const vfs_node_t *node, uint32_t permissions)
{
	if (axfs_who.uid == 0)
		return !(permissions & 1) || vfs_is_directory(node) || (node->mode & 0111);
	unsigned shift = node->uid == axfs_who.uid ? 6 : node->gid == axfs_who.gid ? 3 : 0;
	return (node->mode >> shift & permissions) == permissions;
}

static axfs_name_t *find(const axfs_name_t *parent, const char *text, size_t bytes, uint32_t hash)
{
	SPIN_GUARD(&axfs_names_lock);
	axfs_name_t *name = axfs_name_find(parent, text, bytes, hash);
	if (name)
		axfs_name_get(name);
	return name;
}

ax_err_t axfs_step(axfs_name_t *parent, const char *text, size_t bytes, axfs_name_t **name)
{
	vfs_node_t *directory = parent->node;
	vfs_node_t *node = NULL;
	const uint32_t hash = axfs_name_hash(parent, text, bytes);

	*name = find(parent, text, bytes, hash);
	if (*name)
		return AX_OK;
	axfs_names_make_room();
	AXFS_HOLD(directory);
	*name = AXFS_FEATURE_MULTITASK ? find(parent, text, bytes, hash) : NULL; /* another thread was quicker */
	if (*name)
		return AX_OK;
	ax_err_t error = AXFS_OPS(directory)->lookup(directory, text, bytes, &node);
	if (error != AX_OK && error != AX_ERR_NOT_FOUND)
		return error;
	error = axfs_name_new(parent, text, bytes, hash, node, name);
	if (error != AX_OK && node)
		vfs_node_put(node);
	return error;
}

/* Stand at @p name, whose reference is taken over. */
static void move_to(walk_t *self, axfs_name_t *name)
{
	axfs_name_put(self->at);
	self->at = name;
}

static void move_up(walk_t *self)
{
	axfs_name_t *to;
	{
		SPIN_GUARD(&axfs_names_lock);
		to = self->at;
		while ((to->flags & AXFS_NAME_ROOT) && to->mount->point)
			to = to->mount->point;
		if (to->parent)
			to = to->parent;
		axfs_name_get(to);
	}
	move_to(self, to);
}

static void move_into_mount(walk_t *self)
{
	axfs_name_t *root = NULL;
	{
		SPIN_GUARD(&axfs_names_lock);
		if (self->at->flags & AXFS_NAME_COVERED) {
			root = self->at->mount->root;
			axfs_name_get(root);
		}
	}
	if (root)
		move_to(self, root);
}

static void move_to_root(walk_t *self)
{
	{
		SPIN_GUARD(&axfs_names_lock);
		axfs_name_get(axfs_root);
	}
	move_to(self, axfs_root);
}

/* The text of the symbolic link @p node comes in front of what is left of the path. */
static ax_err_t enter_symlink(walk_t *self, vfs_node_t *node)
{
	if (++self->symlinks > SYMLINKS_MAX)
		return AX_ERR_TOO_MANY_SYMLINKS;
	const size_t rest_bytes = strlen(self->rest) + 1;
	if (!self->buffer) {
		self->buffer = axfs_host.allocate(PATH_BYTES_MAX);
		if (!self->buffer)
			return AX_ERR_NO_MEMORY;
	}
	char *rest = self->buffer + PATH_BYTES_MAX - rest_bytes;
	memmove(rest, self->rest, rest_bytes);
	const size_t room = (size_t)(rest - self->buffer);
	size_t bytes;
	{
		AXFS_HOLD(node);
		ax_err_t error = AXFS_OPS(node)->read_link(node, self->buffer, room, &bytes);
		if (error != AX_OK)
			return error;
	}
	if (bytes >= room) /* cut short, or no room for a slash between */
		return AX_ERR_NAME_TOO_LONG;
	if (bytes == 0)
		return AX_ERR_NOT_FOUND;
	*--rest = '/';
	memmove(rest - bytes, self->buffer, bytes);
	self->rest = rest - bytes;
	if (rest_bytes == 1 && !self->slash)
		rest[0] = 0; /* nothing follows: the link's text ends the path */
	if (*self->rest == '/')
		move_to_root(self);
	return AX_OK;
}

/* One component of the path, of @p bytes, which ends in front of self->rest. */
static ax_err_t take_component(walk_t *self, const char *text, size_t bytes, bool is_last, unsigned how)
{
	axfs_name_t *next;

	self->own = false;
	if (bytes == 1 && text[0] == '.')
		return AX_OK;
	if (bytes == 2 && text[0] == '.' && text[1] == '.') {
		move_up(self);
		return AX_OK;
	}
	if (bytes > VFS_NAME_MAX)
		return AX_ERR_NAME_TOO_LONG;
	ax_err_t error = axfs_step(self->at, text, bytes, &next);
	if (error != AX_OK)
		return error;
	vfs_node_t *node = next->node;
	if (!node && !(is_last && (how & AXFS_WALK_NEW) && (!self->slash || (how & AXFS_WALK_NEW_DIRECTORY)))) {
		axfs_name_put(next);
		return AX_ERR_NOT_FOUND;
	}
	if (node && vfs_is_symlink(node))
		self->linked |= is_last;
	if (node && vfs_is_symlink(node) && (!is_last || self->slash || !(how & AXFS_WALK_NO_FOLLOW))) {
		error = enter_symlink(self, node);
		axfs_name_put(next);
		return error;
	}
	move_to(self, next);
	self->own = true;
	move_into_mount(self);
	return AX_OK;
}

static size_t count_slashes(const char *text)
{
	size_t count = 0;
	while (text[count] == '/')
		count++;
	return count;
}

static ax_err_t take_all(walk_t *self, unsigned how)
{
	for (;;) {
		self->rest += count_slashes(self->rest);
		if (!*self->rest)
			return AX_OK;
		if (!vfs_is_directory(self->at->node))
			return AX_ERR_NOT_A_DIRECTORY;
		if (!axfs_may(self->at->node, 1))
			return AX_ERR_ACCESS_DENIED;
		const char *text = self->rest;
		while (*self->rest && *self->rest != '/')
			self->rest++;
		const size_t bytes = (size_t)(self->rest - text);
		const size_t slashes = count_slashes(self->rest);
		self->slash = slashes;
		ax_err_t error = take_component(self, text, bytes, !self->rest[slashes], how);
		if (error != AX_OK)
			return error;
	}
}

static ax_err_t walk(walk_t *self, const char *path, unsigned how)
{
	if (!*path)
		return AX_ERR_NOT_FOUND;
	if (strnlen(path, PATH_BYTES_MAX) == PATH_BYTES_MAX)
		return AX_ERR_NAME_TOO_LONG;
	self->rest = path;
	ax_err_t error = take_all(self, how);
	if (error == AX_OK && self->slash && self->at->node && !vfs_is_directory(self->at->node))
		return AX_ERR_NOT_A_DIRECTORY;
	return error;
}

ax_err_t axfs_walk_on(const ax_file_t *directory, const char *path, unsigned how, axfs_path_key_t *key,
		      axfs_name_t **name, bool *own)
{
	walk_t self = {};
	{
		SPIN_GUARD(&axfs_names_lock);
		self.at = axfs_walk_start(directory, path);
		axfs_name_get(self.at);
	}
	ax_err_t error = walk(&self, path, how);
	axfs_host.free(self.buffer);
	if (error != AX_OK) {
		axfs_name_put(self.at);
		return error;
	}
	if (self.own && !self.linked && !self.slash) {
		SPIN_GUARD(&axfs_names_lock);
		axfs_path_remember(key, self.at);
	}
	*name = self.at;
	*own = self.own;
	return AX_OK;
}

ax_err_t axfs_walk(const ax_file_t *directory, const char *path, unsigned how, axfs_name_t **name, bool *own)
{
	axfs_path_key_t key;
	axfs_name_t *cached = axfs_walk_cached(directory, path, &key);
	if (!cached)
		return axfs_walk_on(directory, path, how, &key, name, own);
	if (!cached->node && !(how & AXFS_WALK_NEW)) {
		axfs_name_put(cached);
		return AX_ERR_NOT_FOUND;
	}
	*name = cached;
	*own = true;
	return AX_OK;
}
