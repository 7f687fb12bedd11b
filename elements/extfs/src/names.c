/* SPDX-License-Identifier: Apache-2.0 */
/* Names: looking up, making, linking, removing, renaming. Each is one step of an operation, and so all or nothing on a
 * volume with a journal. */

#include "volume.h"

#include <extfs/extfs.h>
#include <memstr/memstr.h>

static extfs_inode_t *inode_of(vfs_node_t *node)
{
	return container_of(node, extfs_inode_t, node);
}

static uint32_t number_of(const vfs_node_t *node)
{
	return (uint32_t)node->number;
}

ax_err_t extfs_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node)
{
	extfs_inode_t *dir = inode_of(directory), *inode;
	extfs_t *self = volume_of(dir);
	dir_slot_t slot;
	uint32_t number;
	ax_err_t error = dir_find(dir, name, name_bytes, &slot, &number);
	if (error)
		return error;
	buffer_put(slot.buffer);
	if (number != ROOT_INODE && number < self->first_inode)
		return extfs_damaged(self, "a name of reserved inode", number);
	error = inode_get(self, number, &inode);
	if (error)
		return error;
	if (!inode->node.links) {
		inode_put(inode);
		return extfs_damaged(self, "a name of inode without links", number);
	}
	*node = &inode->node;
	return AX_OK;
}

/* A directory's link count includes "." and each child's ".."; 1 says that there were too many to count. */
static void add_child(extfs_inode_t *dir)
{
	if (dir->node.links > 1)
		inode_set_links(dir, dir->node.links < LINKS_MAX ? dir->node.links + 1 : 1);
}

static void drop_child(extfs_inode_t *dir)
{
	if (dir->node.links > 2)
		inode_set_links(dir, dir->node.links - 1);
}

static bool has_room_for_child(const extfs_inode_t *dir)
{
	return dir->node.links < LINKS_MAX || volume_of(dir)->super.feature_ro_compat & RO_DIR_NLINK;
}

/* A name of the inode is gone: all names of a directory, which has one. */
static ax_err_t drop_link(extfs_inode_t *inode)
{
	const uint32_t links = vfs_is_directory(&inode->node) ? 0 : inode->node.links - 1;
	inode_set_links(inode, links);
	return links ? AX_OK : orphan_add(volume_of(inode), inode);
}

/* What a new inode holds from the start. */
static ax_err_t fill(extfs_inode_t *inode, extfs_inode_t *dir, const vfs_new_t *what)
{
	const uint64_t device = what->device;
	switch (what->mode & VFS_TYPE_MASK) {
	case VFS_DIRECTORY:
		inode_set_links(inode, 2);
		return dir_init(inode, number_of(&dir->node));
	case VFS_SYMLINK:
		inode_set_size(inode, what->target_bytes);
		if (what->target_bytes < sizeof inode->raw.block) {
			memcpy(inode->raw.block, what->target, what->target_bytes);
			return AX_OK;
		}
		return file_write_link(inode, what->target, what->target_bytes);
	case VFS_CHARACTER_DEVICE:
	case VFS_BLOCK_DEVICE:
		/* Linux's encoding of 12 bits of the major and 20 of the minor number */
		inode->raw.block[1] = (uint32_t)((device & 255) | (device >> 8 & 0xfff) << 8 | (device >> 12 & 0xfff00) << 12);
		return AX_OK;
	default:
		return AX_OK;
	}
}

static ax_err_t check_new(const extfs_t *self, const extfs_inode_t *dir, const vfs_new_t *what)
{
	switch (what->mode & VFS_TYPE_MASK) {
	case VFS_DIRECTORY:
		return has_room_for_child(dir) ? AX_OK : AX_ERR_TOO_MANY_LINKS;
	case VFS_SYMLINK:
		if (!what->target_bytes)
			return AX_ERR_INVALID_INPUT;
		return what->target_bytes < self->block_bytes ? AX_OK : AX_ERR_NAME_TOO_LONG;
	case VFS_REGULAR:
	case VFS_PIPE:
	case VFS_SOCKET:
	case VFS_CHARACTER_DEVICE:
	case VFS_BLOCK_DEVICE:
		return AX_OK;
	default:
		return AX_ERR_NOT_SUPPORTED;
	}
}

ax_err_t extfs_create(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what,
		      vfs_node_t **node)
{
	extfs_inode_t *dir = inode_of(directory), *inode;
	extfs_t *self = volume_of(dir);
	if (!dir->node.links)
		return AX_ERR_NOT_FOUND; /* removed, and still open */
	ax_err_t error = check_new(self, dir, what);
	if (!error)
		error = operation_begin(self);
	if (error)
		return error;
	error = inode_create(dir, what, &inode);
	if (error)
		return operation_end(self, error);
	error = fill(inode, dir, what);
	if (!error)
		error = dir_add(dir, name, name_bytes, number_of(&inode->node), what->mode);
	if (!error && vfs_is_directory(&inode->node))
		add_child(dir);
	if (!error) {
		*node = &inode->node;
		return operation_end(self, AX_OK);
	}
	/* the volume is full: the new inode goes the way of those that nobody needs any more */
	inode_set_links(inode, 0);
	ax_err_t ignored = orphan_add(self, inode);
	(void)ignored;
	error = operation_end(self, error);
	inode_put(inode);
	return error;
}

ax_err_t extfs_link(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node)
{
	extfs_inode_t *dir = inode_of(directory), *inode = inode_of(node);
	extfs_t *self = volume_of(dir);
	if (!dir->node.links || !node->links)
		return AX_ERR_NOT_FOUND;
	if (node->links >= LINKS_MAX)
		return AX_ERR_TOO_MANY_LINKS;
	ax_err_t error = operation_begin(self);
	if (error)
		return error;
	error = dir_add(dir, name, name_bytes, number_of(node), node->mode);
	if (!error)
		inode_set_links(inode, node->links + 1);
	return operation_end(self, error);
}

static ax_err_t check_empty(extfs_inode_t *inode)
{
	bool is_empty = true;
	ax_err_t error = vfs_is_directory(&inode->node) ? dir_is_empty(inode, &is_empty) : AX_OK;
	return error || is_empty ? error : AX_ERR_NOT_EMPTY;
}

/* The name's place, which must lead to @p node. */
static ax_err_t find_node(extfs_inode_t *dir, const char *name, size_t name_bytes, const vfs_node_t *node, dir_slot_t *slot)
{
	uint32_t number;
	ax_err_t error = dir_find(dir, name, name_bytes, slot, &number);
	if (!error && number != node->number) {
		buffer_put(slot->buffer);
		error = extfs_damaged(volume_of(dir), "two names alike in directory", dir->node.number);
	}
	return error;
}

ax_err_t extfs_unlink(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node)
{
	extfs_inode_t *dir = inode_of(directory), *inode = inode_of(node);
	extfs_t *self = volume_of(dir);
	dir_slot_t slot;
	ax_err_t error = check_empty(inode);
	if (!error)
		error = operation_begin(self);
	if (error)
		return error;
	error = find_node(dir, name, name_bytes, node, &slot);
	if (error)
		return operation_end(self, error);
	dir_remove(&slot);
	if (vfs_is_directory(node))
		drop_child(dir);
	return operation_end(self, drop_link(inode));
}

/* The directory @p inode has another parent now. */
static ax_err_t set_parent(extfs_inode_t *inode, extfs_inode_t *parent)
{
	dir_slot_t slot;
	uint32_t number;
	ax_err_t error = dir_unindex(inode);
	if (!error)
		error = dir_find(inode, "..", 2, &slot, &number);
	if (!error)
		dir_replace(inode, &slot, number_of(&parent->node), VFS_DIRECTORY);
	return error;
}

static ax_err_t move(extfs_inode_t *from, const char *from_name, size_t from_bytes, extfs_inode_t *inode, extfs_inode_t *to,
		     const char *to_name, size_t to_bytes, extfs_inode_t *replaced)
{
	dir_slot_t slot;
	ax_err_t error;
	if (replaced) {
		error = find_node(to, to_name, to_bytes, &replaced->node, &slot);
		if (error)
			return error;
		dir_replace(to, &slot, number_of(&inode->node), inode->node.mode);
	} else {
		error = dir_add(to, to_name, to_bytes, number_of(&inode->node), inode->node.mode);
		if (error)
			return error;
	}
	error = find_node(from, from_name, from_bytes, &inode->node, &slot);
	if (error)
		return error;
	dir_remove(&slot);
	if (vfs_is_directory(&inode->node)) {
		if (from != to)
			error = set_parent(inode, to);
		drop_child(from);
		if (!replaced)
			add_child(to);
	}
	return !error && replaced ? drop_link(replaced) : error;
}

ax_err_t extfs_rename(vfs_node_t *from, const char *from_name, size_t from_bytes, vfs_node_t *node, vfs_node_t *to,
		      const char *to_name, size_t to_bytes, vfs_node_t *replaced)
{
	extfs_inode_t *source = inode_of(from), *target = inode_of(to), *gone = replaced ? inode_of(replaced) : NULL;
	extfs_t *self = volume_of(source);
	if (!to->links)
		return AX_ERR_NOT_FOUND;
	if (vfs_is_directory(node) && from != to && !replaced && !has_room_for_child(target))
		return AX_ERR_TOO_MANY_LINKS;
	ax_err_t error = gone ? check_empty(gone) : AX_OK;
	if (!error)
		error = operation_begin(self);
	if (error)
		return error;
	error = move(source, from_name, from_bytes, inode_of(node), target, to_name, to_bytes, gone);
	return operation_end(self, error);
}

static bool is_dot(const entry_t *entry)
{
	return entry->name_bytes <= 2 && entry->name[0] == '.' && entry->name[entry->name_bytes - 1] == '.';
}

/* Calls @p emit for the entries of one block from @p from on; *goes_on false: it has had enough. */
static ax_err_t emit_block(extfs_inode_t *dir, buffer_t *buffer, uint32_t logical, uint32_t from, vfs_emit_t *emit,
			   void *context, bool *goes_on)
{
	extfs_t *self = volume_of(dir);
	for (uint32_t offset = 0; offset < self->block_bytes && *goes_on;) {
		const entry_t *entry = dir_entry_at(self, buffer->data, offset);
		if (!entry)
			return extfs_damaged(self, "directory", dir->node.number);
		if (offset >= from && entry->inode && entry->name_bytes && !is_dot(entry)) {
			const vfs_entry_t seen = {
				.name = entry->name,
				.name_bytes = entry->name_bytes,
				.number = entry->inode,
				.type = dir_entry_type(self, entry),
				.next = ((uint64_t)logical << self->block_shift) + offset + entry->record_bytes,
			};
			*goes_on = emit(context, &seen);
		}
		offset += entry->record_bytes;
	}
	return AX_OK;
}

ax_err_t extfs_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context)
{
	extfs_inode_t *dir = inode_of(directory);
	const extfs_t *self = volume_of(dir);
	bool goes_on = true;
	while (goes_on && cookie < directory->size) {
		buffer_t *buffer;
		const uint32_t logical = (uint32_t)(cookie >> self->block_shift);
		ax_err_t error = dir_block_get(dir, logical, &buffer);
		if (error)
			return error;
		error = emit_block(dir, buffer, logical, (uint32_t)(cookie & (self->block_bytes - 1)), emit, context, &goes_on);
		buffer_put(buffer);
		if (error)
			return error;
		cookie = ((uint64_t)logical + 1) << self->block_shift;
	}
	return AX_OK;
}

static bool stop_at_first(void *context, [[maybe_unused]] const vfs_entry_t *entry)
{
	*(bool *)context = false;
	return false;
}

ax_err_t dir_is_empty(extfs_inode_t *dir, bool *is_empty)
{
	*is_empty = true;
	return extfs_read_directory(&dir->node, 0, stop_at_first, is_empty);
}
