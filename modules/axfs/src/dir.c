/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of directories. Cookies: 0 is ".", 1 "..", and the file system's own plus 2 what follows. */
#include "lock.h"
#include "mounts.h"
#include "open.h"

#include <axfs/dir.h>
#include <memstr/memstr.h>

enum { OWN_ENTRIES = 2 };

typedef struct shifted {
	vfs_emit_t *emit;
	void *context;
	uint64_t *position;
	bool full;
} shifted_t;

static bool take(shifted_t *self, const vfs_entry_t *entry)
{
	self->full = !self->emit(self->context, entry);
	if (!self->full)
		*self->position = entry->next;
	return !self->full;
}

static bool emit_shifted(void *context, const vfs_entry_t *entry)
{
	vfs_entry_t shifted = *entry;
	shifted.next += OWN_ENTRIES;
	return take(context, &shifted);
}

/* The number of what ".." of @p name is. */
static uint64_t number_above(const axfs_name_t *name)
{
	SPIN_GUARD(&axfs_names_lock);
	while ((name->flags & AXFS_NAME_ROOT) && name->mount->point)
		name = name->mount->point;
	return name->parent ? name->parent->node->number : name->node->number;
}

ax_err_t ax_dir_walk(ax_file_t *file, vfs_emit_t *emit, void *context)
{
	vfs_node_t *node = file->node;
	shifted_t self = { .emit = emit, .context = context, .position = &file->position };

	if (!node || !(file->flags & AX_OPEN_READ) || (file->flags & AX_OPEN_PATH))
		return AX_ERR_BAD_HANDLE;
	if (!vfs_is_directory(node))
		return AX_ERR_NOT_A_DIRECTORY;
	if (!node->links)
		return AX_OK; /* removed: not even "." is in it */
	if (file->position == 0)
		take(&self, &(vfs_entry_t){ ".", 1, node->number, VFS_DIRECTORY, 1 });
	if (file->position == 1 && !self.full)
		take(&self, &(vfs_entry_t){ "..", 2, number_above(file->name), VFS_DIRECTORY, OWN_ENTRIES });
	if (file->position < OWN_ENTRIES || self.full)
		return AX_OK;
	if (!AXFS_OPS(node)->read_directory)
		return AX_ERR_NOT_SUPPORTED;
	AXFS_HOLD(node);
	ax_err_t error = AXFS_OPS(node)->read_directory(node, file->position - OWN_ENTRIES, emit_shifted, &self);
	vfs_node_mark(node, VFS_ACCESSED);
	return error;
}

ax_err_t ax_dir_open(const char *path, ax_dir_t *dir)
{
	return ax_file_open(path, AX_OPEN_READ | AX_OPEN_DIRECTORY, &dir->file);
}

void ax_dir_close(ax_dir_t *dir)
{
	ax_file_close(&dir->file);
}

typedef struct one {
	ax_dir_entry_t *entry;
	bool taken;
} one_t;

static bool take_one(void *context, const vfs_entry_t *entry)
{
	one_t *self = context;
	if (self->taken)
		return false;
	self->taken = true;
	*self->entry = (ax_dir_entry_t){
		.number = entry->number, .next = entry->next, .type = entry->type, .name_bytes = (uint32_t)entry->name_bytes,
	};
	memcpy(self->entry->name, entry->name, entry->name_bytes);
	return true;
}

ax_err_t ax_dir_read(ax_dir_t *dir, ax_dir_entry_t *entry)
{
	one_t one = { .entry = entry };
	ax_err_t error = ax_dir_walk(&dir->file, take_one, &one);
	return error == AX_OK && !one.taken ? AX_ERR_NOT_FOUND : error;
}
