/* SPDX-License-Identifier: Apache-2.0 */
/* Names: looking up, making, removing, renaming; and the walk over a directory. */
#include "volume.h"

#include <fatfs/fatfs.h>
#include <memstr/memstr.h>

/* For the library, which ends names at a NUL and cuts dots and spaces at the end: those are no names here, lest a file
 * have more than one. */
static ax_err_t take_name(fat_volume_t *volume, const char *name, size_t name_bytes)
{
	if (name_bytes > FAT_NAME_BYTES)
		return AX_ERR_NAME_TOO_LONG;
	if (name[name_bytes - 1] == '.' || name[name_bytes - 1] == ' ')
		return AX_ERR_INVALID_INPUT;
	for (size_t i = 0; i < name_bytes; i++) {
		if ((uint8_t)name[i] < ' ' || name[i] == '\\')
			return AX_ERR_INVALID_INPUT;
	}
	memcpy(volume->name, name, name_bytes);
	volume->name[name_bytes] = 0;
	return AX_OK;
}

static ax_err_t find(vfs_node_t *directory, const char *name, size_t name_bytes, fat_entry_t *entry)
{
	fat_volume_t *volume = fat_volume_of(directory);
	ax_err_t error = take_name(volume, name, name_bytes);
	if (!error)
		error = library_find(&volume->fs, fat_node_of(directory)->cluster, volume->name, entry);
	return error;
}

ax_err_t fatfs_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node)
{
	fat_entry_t entry;
	ax_err_t error = find(directory, name, name_bytes, &entry);
	if (error == AX_ERR_INVALID_INPUT)
		error = AX_ERR_NOT_FOUND; /* what cannot be is not there */
	return error ? error : node_open(fat_volume_of(directory), &entry, node);
}

static ax_err_t add(vfs_node_t *directory, const char *name, size_t name_bytes, fat_entry_t *entry)
{
	fat_volume_t *volume = fat_volume_of(directory);
	ax_err_t error = take_name(volume, name, name_bytes);
	if (!error)
		error = library_add(&volume->fs, fat_node_of(directory)->cluster, volume->name, entry);
	return error;
}

ax_err_t fatfs_create(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what,
		      vfs_node_t **node)
{
	fat_volume_t *volume = fat_volume_of(directory);
	const uint32_t type = what->mode & VFS_TYPE_MASK, parent = fat_node_of(directory)->cluster;
	const fat_time_t now = fat_time(volume->vfs.host->now_ns());
	fat_entry_t entry = { .created = now, .modified = now, .accessed = now };
	if (type != VFS_REGULAR && type != VFS_DIRECTORY)
		return AX_ERR_NOT_SUPPORTED;
	if (!directory->links)
		return AX_ERR_NOT_FOUND; /* removed, and still open */
	ax_err_t error = take_name(volume, name, name_bytes);
	if (error)
		return error;
	entry.attributes = type == VFS_DIRECTORY ? AM_DIR : AM_ARC;
	if (type == VFS_REGULAR && !(what->mode & 0200))
		entry.attributes |= AM_RDO;
	if (type == VFS_DIRECTORY)
		error = library_new_directory(&volume->fs, parent, &entry, &entry.cluster);
	if (!error)
		error = add(directory, name, name_bytes, &entry);
	if (error == AX_ERR_NO_SPACE && entry.cluster) {
		ax_err_t undone = library_free_chain(&volume->fs, entry.cluster);
		error = undone ? undone : error;
	}
	return error ? error : node_open(volume, &entry, node);
}

static ax_err_t check_empty(vfs_node_t *node)
{
	fat_volume_t *volume = fat_volume_of(node);
	fat_entry_t entry;
	if (!vfs_is_directory(node))
		return AX_OK;
	ax_err_t error = library_next(&volume->fs, fat_node_of(node)->cluster, 0, false, &entry, &volume->info);
	return error == AX_ERR_NOT_FOUND ? AX_OK : error ? error : AX_ERR_NOT_EMPTY;
}

/* The node has no name any more; its clusters are free when it is released. */
static void lose_name(fat_node_t *self)
{
	self->node.links = 0;
	node_move(self, NULL);
}

ax_err_t fatfs_unlink(vfs_node_t *directory, [[maybe_unused]] const char *name, [[maybe_unused]] size_t name_bytes,
		      vfs_node_t *node)
{
	fat_volume_t *volume = fat_volume_of(directory);
	fat_node_t *self = fat_node_of(node);
	ax_err_t error = check_empty(node);
	if (!error)
		error = library_remove(&volume->fs, &self->entry);
	if (!error)
		error = library_write_window(&volume->fs);
	if (!error)
		lose_name(self);
	return error;
}

/* What the node's entry says, at the place of another one. */
static fat_entry_t entry_at(const fat_entry_t *place, const fat_entry_t *what)
{
	fat_entry_t entry = *what;
	entry.directory = place->directory;
	entry.offset = place->offset;
	entry.first = place->first;
	entry.sector = place->sector;
	entry.in_sector = place->in_sector;
	return entry;
}

/*
 * The new name is durable before the old one goes: in one write where it replaces another, whose entry leads to the node
 * from then on. Between the two both names lead to the node.
 */
ax_err_t fatfs_rename([[maybe_unused]] vfs_node_t *from, [[maybe_unused]] const char *from_name,
		      [[maybe_unused]] size_t from_bytes, vfs_node_t *node, vfs_node_t *to, const char *to_name,
		      size_t to_bytes, vfs_node_t *replaced)
{
	fat_volume_t *volume = fat_volume_of(to);
	fat_node_t *self = fat_node_of(node), *gone = replaced ? fat_node_of(replaced) : NULL;
	const uint32_t parent = fat_node_of(to)->cluster;
	if (!to->links)
		return AX_ERR_NOT_FOUND;
	ax_err_t error = replaced ? check_empty(replaced) : AX_OK;
	if (!error)
		error = node_store(self);
	if (error)
		return error;
	const fat_entry_t old = self->entry;
	fat_entry_t new = old;
	if (gone) {
		new = entry_at(&gone->entry, &old);
		error = library_store(&volume->fs, &new);
	} else {
		error = add(to, to_name, to_bytes, &new);
	}
	if (!error && vfs_is_directory(node) && old.directory != parent)
		error = library_set_parent(&volume->fs, self->cluster, parent);
	if (!error)
		error = library_flush(&volume->fs);
	if (!error)
		error = library_remove(&volume->fs, &old);
	if (!error)
		error = library_write_window(&volume->fs);
	if (error)
		return error;
	if (gone)
		lose_name(gone);
	node_move(self, &new);
	return AX_OK;
}

/* A name that users can ask for. */
static bool is_name(const char *name, size_t bytes)
{
	return bytes && bytes <= VFS_NAME_MAX && !memchr(name, '/', bytes);
}

/* A cookie is the offset of the entry seen last, and 1. */
ax_err_t fatfs_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context)
{
	fat_volume_t *volume = fat_volume_of(directory);
	const uint32_t cluster = fat_node_of(directory)->cluster;
	bool goes_on = true;
	while (goes_on && cookie <= UINT32_MAX) {
		fat_entry_t entry;
		const uint32_t offset = cookie ? (uint32_t)(cookie - 1) : 0;
		ax_err_t error = library_next(&volume->fs, cluster, offset, cookie != 0, &entry, &volume->info);
		if (error)
			return error == AX_ERR_NOT_FOUND ? AX_OK : error;
		const char *name = volume->info.fname;
		cookie = (uint64_t)entry.offset + 1;
		const vfs_entry_t seen = {
			.name = name,
			.name_bytes = strlen(name),
			.number = fat_entry_number(&volume->fs, &entry),
			.type = entry.attributes & AM_DIR ? VFS_DIRECTORY : VFS_REGULAR,
			.next = cookie,
		};
		if (is_name(name, seen.name_bytes))
			goes_on = emit(context, &seen);
	}
	return AX_OK;
}
