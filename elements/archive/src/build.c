/* SPDX-License-Identifier: Apache-2.0 */
/* From entries to a tree. */
#include "tree.h"

#include <cpio/cpio.h>

static bool is_dots(const char *name, size_t bytes)
{
	return name[0] == '.' && (bytes == 1 || (bytes == 2 && name[1] == '.'));
}

/* The directory of this name in @p at, made if it is missing; NULL: there is something else. */
static ax_err_t enter(archive_t *self, archive_node_t **at, const char *name, size_t bytes)
{
	archive_node_t *found = archive_find(self, *at, name, bytes);
	ax_err_t error = AX_OK;
	if (!found)
		error = archive_add(self, *at, name, bytes, VFS_DIRECTORY | 0755, &found);
	if (error != AX_OK)
		return error;
	if (!vfs_is_directory(&found->node))
		return AX_ERR_NOT_A_DIRECTORY;
	*at = found;
	return AX_OK;
}

static void fill(archive_node_t *node, const cpio_entry_t *entry)
{
	const int64_t modified_ns = entry->mtime * INT64_C(1000000000);
	node->node.mode = entry->mode;
	node->node.accessed_ns = node->node.modified_ns = node->node.changed_ns = node->node.created_ns = modified_ns;
	if (vfs_is_directory(&node->node))
		return;
	node->data = entry->data;
	node->node.size = entry->size_bytes;
	node->node.blocks = (entry->size_bytes + 511) / 512;
}

/* What lies at @p name, of @p bytes, in @p at: a new node, or the old one anew. */
static ax_err_t place(archive_t *self, archive_node_t *at, const char *name, size_t bytes, const cpio_entry_t *entry)
{
	archive_node_t *node = archive_find(self, at, name, bytes);
	const bool is_directory = (entry->mode & VFS_TYPE_MASK) == VFS_DIRECTORY;
	if (node && vfs_is_directory(&node->node) != is_directory)
		return AX_OK;
	if (!node) {
		ax_err_t error = archive_add(self, at, name, bytes, entry->mode, &node);
		if (error != AX_OK)
			return error;
	}
	fill(node, entry);
	return AX_OK;
}

static bool is_known_type(uint32_t mode)
{
	const uint32_t type = mode & VFS_TYPE_MASK;
	return type == VFS_REGULAR || type == VFS_DIRECTORY || type == VFS_SYMLINK;
}

/* One entry, by the components of its name. Names that lead nowhere are left out. */
static ax_err_t add_entry(archive_t *self, const cpio_entry_t *entry)
{
	size_t left = entry->name_bytes;
	const char *name = cpio_plain_name(entry->name, &left);
	archive_node_t *at = &self->root;
	if (!is_known_type(entry->mode))
		return AX_OK;
	for (;;) {
		size_t bytes = 0;
		while (bytes < left && name[bytes] != '/')
			bytes++;
		size_t skip = bytes;
		while (skip < left && name[skip] == '/')
			skip++;
		if (bytes == 0 || bytes > VFS_NAME_MAX || is_dots(name, bytes))
			return AX_OK;
		if (skip == left)
			return place(self, at, name, bytes, entry);
		ax_err_t error = enter(self, &at, name, bytes);
		if (error != AX_OK)
			return error == AX_ERR_NOT_A_DIRECTORY ? AX_OK : error;
		name += skip;
		left -= skip;
	}
}

ax_err_t archive_build(archive_t *self, const void *archive, size_t bytes)
{
	cpio_reader_t reader = cpio_open(archive, bytes);
	cpio_entry_t entry;
	ax_err_t error;
	while ((error = cpio_next(&reader, &entry)) == AX_OK) {
		error = add_entry(self, &entry);
		if (error != AX_OK)
			return error;
	}
	return error == AX_ERR_NOT_FOUND ? AX_OK : error;
}
