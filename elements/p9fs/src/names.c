/* SPDX-License-Identifier: Apache-2.0 */
/* Directories. */
#include "volume.h"

enum { O_CREATE_EXCLUSIVE = 0300 | 2 }; /* O_CREAT | O_EXCL | O_RDWR of Linux */

static uint32_t fid_of(vfs_node_t *node)
{
	return p9fs_node_of(node)->fid;
}

static p9_client_t *client_of(vfs_node_t *node)
{
	return &p9fs_volume_of(node->fs)->client;
}

ax_err_t p9fs_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node)
{
	uint32_t fid;
	p9_qid_t qid;
	ax_err_t error = p9_walk(client_of(directory), fid_of(directory), name, name_bytes, &fid, &qid);
	return error ? error : p9fs_node_get(p9fs_volume_of(directory->fs), fid, &qid, node);
}

/* The new file is opened by a fid that is not needed. */
static ax_err_t create_file(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what)
{
	p9_client_t *client = client_of(directory);
	uint32_t fid, unit;
	p9_qid_t qid;
	ax_err_t error = p9_walk(client, fid_of(directory), "", 0, &fid, &qid);
	if (error)
		return error;
	error = p9_create(client, fid, name, name_bytes, O_CREATE_EXCLUSIVE, what->mode & VFS_PERMISSIONS, what->gid, &qid, &unit);
	(void)p9_clunk(client, fid);
	return error;
}

ax_err_t p9fs_create(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what, vfs_node_t **node)
{
	p9_client_t *client = client_of(directory);
	p9_qid_t qid;
	ax_err_t error = AX_ERR_NOT_SUPPORTED;
	switch (what->mode & VFS_TYPE_MASK) {
	case VFS_REGULAR:
		error = create_file(directory, name, name_bytes, what);
		break;
	case VFS_DIRECTORY:
		error = p9_make_directory(client, fid_of(directory), name, name_bytes, what->mode & VFS_PERMISSIONS, what->gid, &qid);
		directory->links += error == AX_OK;
		break;
	case VFS_SYMLINK:
		error = p9_make_symlink(client, fid_of(directory), name, name_bytes, what->target, what->target_bytes, what->gid, &qid);
		break;
	}
	return error ? error : p9fs_lookup(directory, name, name_bytes, node);
}

ax_err_t p9fs_link(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node)
{
	ax_err_t error = p9_link(client_of(directory), fid_of(directory), fid_of(node), name, name_bytes);
	node->links += error == AX_OK;
	return error;
}

static void lose_name(vfs_node_t *directory, vfs_node_t *node)
{
	bool is_directory = (node->mode & VFS_TYPE_MASK) == VFS_DIRECTORY;
	node->links = is_directory || !node->links ? 0 : node->links - 1;
	directory->links -= is_directory;
}

ax_err_t p9fs_unlink(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node)
{
	bool is_directory = (node->mode & VFS_TYPE_MASK) == VFS_DIRECTORY;
	/* A server finds a node by its name: what is in use keeps its contents by being open. */
	if (!is_directory && node->references > 1)
		(void)p9fs_node_open(p9fs_node_of(node), false);
	ax_err_t error = p9_unlink(client_of(directory), fid_of(directory), name, name_bytes, is_directory);
	if (!error)
		lose_name(directory, node);
	return error;
}

ax_err_t p9fs_rename(vfs_node_t *from, const char *from_name, size_t from_bytes, vfs_node_t *node, vfs_node_t *to,
		     const char *to_name, size_t to_bytes, vfs_node_t *replaced)
{
	ax_err_t error = p9_rename(client_of(from), fid_of(from), from_name, from_bytes, fid_of(to), to_name, to_bytes);
	if (error)
		return error;
	if (replaced)
		lose_name(to, replaced);
	if ((node->mode & VFS_TYPE_MASK) == VFS_DIRECTORY) {
		from->links--;
		to->links++;
	}
	return AX_OK;
}

typedef struct walk {
	p9fs_node_t *directory;
	uint64_t skip; /* entries that are not wanted */
	vfs_emit_t *emit;
	void *context;
	bool is_full;
	unsigned dots; /* "." and ".." seen: a directory has each once */
} walk_t;

static bool is_dot(const p9_entry_t *entry)
{
	return entry->name[0] == '.' && (entry->name_bytes == 1 || (entry->name_bytes == 2 && entry->name[1] == '.'));
}

static bool take(void *context, const p9_entry_t *entry)
{
	walk_t *walk = context;
	p9fs_node_t *directory = walk->directory;
	if (is_dot(entry)) {
		directory->offset = entry->next;
		return ++walk->dots <= 2;
	}
	if (walk->skip) {
		walk->skip--;
	} else {
		const vfs_entry_t out = {
			.name = entry->name,
			.name_bytes = entry->name_bytes,
			.number = entry->qid.path,
			.type = (uint32_t)entry->type << 12 & VFS_TYPE_MASK, /* DT_... is the type's number */
			.next = directory->entry + 1,
		};
		walk->is_full = !walk->emit(walk->context, &out);
		if (walk->is_full)
			return false;
	}
	directory->entry++;
	directory->offset = entry->next;
	return true;
}

ax_err_t p9fs_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context)
{
	p9fs_node_t *self = p9fs_node_of(directory);
	walk_t walk = { .directory = self, .emit = emit, .context = context };
	bool is_end = false;
	ax_err_t error = p9fs_node_open(self, false);
	if (!cookie || cookie != self->entry) {
		self->entry = self->offset = 0;
		walk.skip = cookie;
	}
	while (!error && !is_end && !walk.is_full) {
		uint64_t before = self->offset;
		error = p9_read_directory(client_of(directory), self->open_fid, before, take, &walk, &is_end);
		/* A server that does not get on would keep us here for ever. */
		if (!error && !is_end && !walk.is_full && (self->offset == before || walk.dots > 2))
			error = AX_ERR_IO;
	}
	return error;
}
