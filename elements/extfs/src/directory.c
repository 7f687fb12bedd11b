/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories: blocks of entries, each with the length of its record; free space is in records that are longer than their
 * entry. Source: ext4 documentation, "Linear (Classic) Directories" and "Hash Tree Directories".
 *
 * A directory with a hash tree reads as a linear one, as its inner nodes look like free entries. Before an entry is added
 * the tree is taken away (dir_unindex()), which the format provides for.
 */
#include "checksum.h"
#include "volume.h"

#include <memstr/memstr.h>

static uint32_t align_up(uint32_t bytes)
{
	return (bytes + ENTRY_ALIGN - 1) & ~(uint32_t)(ENTRY_ALIGN - 1);
}

static uint32_t record_for(size_t name_bytes)
{
	return align_up(ENTRY_HEAD_BYTES + (uint32_t)name_bytes);
}

/* Of a block, what holds entries. */
uint32_t dir_block_bytes(const extfs_t *self)
{
	return self->block_bytes - (self->has_checksums ? TAIL_BYTES : 0);
}

static entry_tail_t *tail_of(const extfs_t *self, uint8_t *data)
{
	return (entry_tail_t *)(data + self->block_bytes - TAIL_BYTES);
}

/* The entry at @p offset, or NULL if it does not fit its block. */
entry_t *dir_entry_at(const extfs_t *self, uint8_t *data, uint32_t offset)
{
	entry_t *entry = (entry_t *)(data + offset);
	const uint32_t left = self->block_bytes - offset;
	if (left < ENTRY_HEAD_BYTES || entry->record_bytes > left || entry->record_bytes % ENTRY_ALIGN ||
	    entry->record_bytes < record_for(entry->name_bytes) || entry->inode > self->inodes_count)
		return NULL;
	return entry;
}

static bool tail_is_sound(const extfs_t *self, const entry_tail_t *tail)
{
	return self->has_checksums && !tail->zero && tail->record_bytes == TAIL_BYTES && !tail->zero_name_bytes &&
	       tail->type == TAIL_FILE_TYPE;
}

/* Of a node of a hash tree: it covers the entries in use and the four bytes before itself. */
static bool index_checksum_holds(const extfs_t *self, const buffer_t *buffer)
{
	const entry_t *first = (const entry_t *)buffer->data;
	const uint32_t at = first->record_bytes == self->block_bytes ? INDEX_NODE_LIMITS : INDEX_ROOT_LIMITS;
	const index_limits_t *limits = (const index_limits_t *)(buffer->data + at);
	const uint32_t tail = at + limits->limit * (uint32_t)sizeof(index_entry_t);
	const uint32_t end = at + limits->count * (uint32_t)sizeof(index_entry_t);
	uint32_t kept;
	if (end > tail || tail + sizeof(index_entry_t) > self->block_bytes)
		return false;
	memcpy(&kept, buffer->data + tail + 4, sizeof kept);
	const uint32_t crc = crc32c(buffer->seed, buffer->data, end);
	return crc32c_with_hole(crc, buffer->data + tail, sizeof(index_entry_t), 4, 4) == kept;
}

static bool checksum_holds(const extfs_t *self, buffer_t *buffer, bool has_index)
{
	const entry_tail_t *tail = tail_of(self, buffer->data);
	if (!self->has_checksums)
		return true;
	if (tail_is_sound(self, tail))
		return crc32c(buffer->seed, buffer->data, self->block_bytes - TAIL_BYTES) == tail->checksum;
	return has_index && index_checksum_holds(self, buffer);
}

void dir_seal(extfs_t *self, buffer_t *buffer)
{
	if (self->has_checksums)
		tail_of(self, buffer->data)->checksum =
			crc32c(buffer->seed, buffer->data, self->block_bytes - TAIL_BYTES);
}

static uint32_t blocks_of(const extfs_inode_t *dir)
{
	return (uint32_t)(dir->node.size >> volume_of(dir)->block_shift);
}

ax_err_t dir_block_get(extfs_inode_t *dir, uint32_t logical, buffer_t **out)
{
	extfs_t *self = volume_of(dir);
	uint32_t count = 1;
	uint64_t physical;
	buffer_t *buffer;
	ax_err_t error = map_find(dir, logical, &count, &physical);
	if (error)
		return error;
	if (!physical)
		return extfs_damaged(self, "a hole in directory", dir->node.number);
	error = buffer_get(self, physical, KIND_DIRECTORY, &buffer);
	if (error)
		return error;
	bool is_sound = true;
	if (!buffer->is_checked) {
		buffer->seed = dir->seed;
		is_sound = checksum_holds(self, buffer, dir->raw.flags & INODE_INDEX);
		buffer->is_checked = is_sound;
	}
	if (!is_sound || buffer->seed != dir->seed) {
		buffer_put(buffer);
		return extfs_damaged(self, "directory", dir->node.number);
	}
	*out = buffer;
	return AX_OK;
}

/* In one block; *found false: not there. */
static ax_err_t find_in(extfs_inode_t *dir, buffer_t *buffer, const char *name, size_t name_bytes, dir_slot_t *slot,
			bool *found)
{
	const extfs_t *self = volume_of(dir);
	uint32_t previous = UINT32_MAX;
	*found = false;
	for (uint32_t offset = 0; offset < self->block_bytes;) {
		const entry_t *entry = dir_entry_at(self, buffer->data, offset);
		if (!entry)
			return extfs_damaged(volume_of(dir), "directory", dir->node.number);
		if (entry->inode && entry->name_bytes == name_bytes && memcmp(entry->name, name, name_bytes) == 0) {
			slot->buffer = buffer;
			slot->offset = offset;
			slot->previous = previous;
			*found = true;
			return AX_OK;
		}
		previous = offset;
		offset += entry->record_bytes;
	}
	return AX_OK;
}

ax_err_t dir_find(extfs_inode_t *dir, const char *name, size_t name_bytes, dir_slot_t *slot, uint32_t *number)
{
	for (uint32_t logical = 0; logical < blocks_of(dir); logical++) {
		buffer_t *buffer;
		bool found;
		ax_err_t error = dir_block_get(dir, logical, &buffer);
		if (error)
			return error;
		error = find_in(dir, buffer, name, name_bytes, slot, &found);
		if (!error && found) {
			*number = ((const entry_t *)(buffer->data + slot->offset))->inode;
			return AX_OK;
		}
		buffer_put(buffer);
		if (error)
			return error;
	}
	return AX_ERR_NOT_FOUND;
}

/* Types as directory entries have them: 1 to 7, in the order of `types`. */
static const uint32_t s_types[] = { 0, VFS_REGULAR, VFS_DIRECTORY, VFS_CHARACTER_DEVICE, VFS_BLOCK_DEVICE, VFS_PIPE,
				    VFS_SOCKET, VFS_SYMLINK };

uint32_t dir_entry_type(const extfs_t *self, const entry_t *entry)
{
	return self->has_file_types && entry->type < ARRAY_SIZE(s_types) ? s_types[entry->type] : 0;
}

static void set_entry(const extfs_t *self, entry_t *entry, uint32_t number, uint32_t mode)
{
	entry->inode = number;
	entry->type = 0;
	for (uint8_t i = 1; self->has_file_types && i < ARRAY_SIZE(s_types); i++) {
		if (s_types[i] == (mode & VFS_TYPE_MASK))
			entry->type = i;
	}
}

/* A block of nothing: one free entry, and the tail. */
static void clear_block(const extfs_t *self, uint8_t *data)
{
	memset(data, 0, self->block_bytes);
	((entry_t *)data)->record_bytes = (uint16_t)dir_block_bytes(self);
	if (self->has_checksums)
		*tail_of(self, data) = (entry_tail_t){ .record_bytes = TAIL_BYTES, .type = TAIL_FILE_TYPE };
}

/* Put the entry into the block's first record with room; *added false: there is none. */
static ax_err_t add_in(extfs_inode_t *dir, buffer_t *buffer, const char *name, size_t name_bytes, uint32_t number,
		       uint32_t mode, bool *added)
{
	const extfs_t *self = volume_of(dir);
	const uint32_t needed = record_for(name_bytes);
	*added = false;
	for (uint32_t offset = 0; offset < dir_block_bytes(self);) {
		entry_t *entry = dir_entry_at(self, buffer->data, offset);
		if (!entry || offset + entry->record_bytes > dir_block_bytes(self))
			return extfs_damaged(volume_of(dir), "directory", dir->node.number);
		const uint32_t used = entry->inode ? record_for(entry->name_bytes) : 0;
		if (entry->record_bytes - used >= needed) {
			const uint32_t record_bytes = entry->record_bytes - used;
			if (used)
				entry->record_bytes = (uint16_t)used;
			entry = (entry_t *)(buffer->data + offset + used);
			entry->record_bytes = (uint16_t)record_bytes;
			entry->name_bytes = (uint8_t)name_bytes;
			memcpy(entry->name, name, name_bytes);
			set_entry(self, entry, number, mode);
			buffer_change(buffer);
			*added = true;
			return AX_OK;
		}
		offset += entry->record_bytes;
	}
	return AX_OK;
}

static ax_err_t append_block(extfs_inode_t *dir, buffer_t **out)
{
	extfs_t *self = volume_of(dir);
	uint32_t count = 1;
	uint64_t physical;
	bool is_new;
	if (dir->node.size + self->block_bytes > UINT32_MAX)
		return AX_ERR_NO_SPACE;
	ax_err_t error = map_find_or_allocate(dir, blocks_of(dir), &count, &physical, &is_new);
	if (error)
		return error;
	error = buffer_get_new(self, physical, KIND_DIRECTORY, out);
	if (error)
		return error;
	clear_block(self, (*out)->data);
	(*out)->seed = dir->seed;
	buffer_change(*out);
	inode_set_size(dir, dir->node.size + self->block_bytes);
	return AX_OK;
}

ax_err_t dir_add(extfs_inode_t *dir, const char *name, size_t name_bytes, uint32_t number, uint32_t mode)
{
	buffer_t *buffer;
	bool added = false;
	ax_err_t error = dir_unindex(dir);
	for (uint32_t logical = 0; !error && !added && logical < blocks_of(dir); logical++) {
		error = dir_block_get(dir, logical, &buffer);
		if (error)
			return error;
		error = add_in(dir, buffer, name, name_bytes, number, mode, &added);
		buffer_put(buffer);
	}
	if (error || added)
		return error;
	error = append_block(dir, &buffer);
	if (error)
		return error;
	error = add_in(dir, buffer, name, name_bytes, number, mode, &added);
	buffer_put(buffer);
	return error;
}

/* The record goes to the entry before it, or stays as a free one. */
void dir_remove(const dir_slot_t *slot)
{
	entry_t *entry = (entry_t *)(slot->buffer->data + slot->offset);
	entry->inode = 0;
	if (slot->previous != UINT32_MAX) {
		entry_t *previous = (entry_t *)(slot->buffer->data + slot->previous);
		previous->record_bytes = (uint16_t)(previous->record_bytes + entry->record_bytes);
	}
	buffer_change(slot->buffer);
	buffer_put(slot->buffer);
}

void dir_replace(extfs_inode_t *dir, const dir_slot_t *slot, uint32_t number, uint32_t mode)
{
	set_entry(volume_of(dir), (entry_t *)(slot->buffer->data + slot->offset), number, mode);
	buffer_change(slot->buffer);
	buffer_put(slot->buffer);
}

ax_err_t dir_init(extfs_inode_t *dir, uint32_t parent)
{
	buffer_t *buffer;
	bool added;
	ax_err_t error = append_block(dir, &buffer);
	if (error)
		return error;
	error = add_in(dir, buffer, ".", 1, (uint32_t)dir->node.number, VFS_DIRECTORY, &added);
	if (!error)
		error = add_in(dir, buffer, "..", 2, parent, VFS_DIRECTORY, &added);
	buffer_put(buffer);
	return error;
}

/* "." and ".." stay, and the hash tree's root behind them becomes free. */
static ax_err_t unindex_root(extfs_inode_t *dir, buffer_t *buffer)
{
	const extfs_t *self = volume_of(dir);
	const entry_t *dot = dir_entry_at(self, buffer->data, 0);
	if (!dot || dot->record_bytes != record_for(1) || !dir_entry_at(self, buffer->data, dot->record_bytes))
		return extfs_damaged(volume_of(dir), "directory", dir->node.number);
	entry_t *dots = (entry_t *)(buffer->data + dot->record_bytes);
	const uint32_t used = (uint32_t)dot->record_bytes + record_for(2);
	memset(buffer->data + used, 0, self->block_bytes - used);
	dots->record_bytes = (uint16_t)(dir_block_bytes(self) - dot->record_bytes);
	if (self->has_checksums)
		*tail_of(self, buffer->data) = (entry_tail_t){ .record_bytes = TAIL_BYTES, .type = TAIL_FILE_TYPE };
	buffer_change(buffer);
	return AX_OK;
}

ax_err_t dir_unindex(extfs_inode_t *dir)
{
	const extfs_t *self = volume_of(dir);
	ax_err_t error = AX_OK;
	if (!(dir->raw.flags & INODE_INDEX))
		return AX_OK;
	for (uint32_t logical = 0; !error && logical < blocks_of(dir); logical++) {
		buffer_t *buffer;
		error = dir_block_get(dir, logical, &buffer);
		if (error)
			return error;
		const entry_t *first = (const entry_t *)buffer->data;
		if (logical == 0) {
			error = unindex_root(dir, buffer);
		} else if (!first->inode && first->record_bytes == self->block_bytes) {
			clear_block(self, buffer->data);
			buffer_change(buffer);
		}
		buffer_put(buffer);
	}
	if (!error) {
		dir->raw.flags &= ~(uint32_t)INODE_INDEX;
		inode_change(dir);
	}
	return error;
}
