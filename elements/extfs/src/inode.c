/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inodes: in memory while somebody has a reference, in the table of the volume's nodes. What changes is written into the
 * inode table's blocks with the commit (inodes_write()), or when the inode leaves the memory.
 */
#include "checksum.h"
#include "volume.h"

#include <memstr/memstr.h>

enum { NS_PER_S = 1000000000 };

ax_err_t inode_location(extfs_t *self, uint32_t number, uint64_t *block, uint32_t *offset)
{
	buffer_t *descriptors;
	group_t *group;
	if (!number || number > self->inodes_count)
		return extfs_damaged(self, "inode number", number);
	ax_err_t error = group_get(self, (number - 1) / self->super.inodes_per_group, &descriptors, &group);
	if (error)
		return error;
	const uint64_t at = (uint64_t)((number - 1) % self->super.inodes_per_group) * self->inode_bytes;
	*block = group_inode_table(self, group) + (at >> self->block_shift);
	*offset = (uint32_t)(at & (self->block_bytes - 1));
	buffer_put(descriptors);
	return AX_OK;
}

/* Whether the inode as it lies on the disk has this field: inodes grew over time. */
static bool has_field(const extfs_t *self, const inode_t *raw, size_t end)
{
	return self->inode_bytes > INODE_BYTES_REV0 && end <= INODE_BYTES_REV0 + (size_t)raw->extra_isize;
}

#define HAS_FIELD(self, raw, field) has_field(self, raw, offsetof(inode_t, field) + sizeof((raw)->field))

/* Of the checksums of everything that is the inode's. */
static uint32_t seed_of(const extfs_t *self, uint32_t number, const inode_t *raw)
{
	const uint32_t crc = crc32c(self->seed, &number, sizeof number);
	return crc32c(crc, &raw->generation, sizeof raw->generation);
}

/* @p slot is the inode on the disk, inode_bytes of it. */
static uint32_t checksum_of(const extfs_t *self, uint32_t number, const uint8_t *slot)
{
	const inode_t *raw = (const inode_t *)slot;
	const size_t lo = offsetof(inode_t, checksum_lo), hi = offsetof(inode_t, checksum_hi);
	uint32_t crc = crc32c_with_hole(seed_of(self, number, raw), slot, INODE_BYTES_REV0, lo, 2);
	if (self->inode_bytes == INODE_BYTES_REV0)
		return crc & UINT16_MAX;
	if (HAS_FIELD(self, raw, checksum_hi))
		return crc32c_with_hole(crc, slot + INODE_BYTES_REV0, self->inode_bytes - INODE_BYTES_REV0,
					hi - INODE_BYTES_REV0, 2);
	return crc32c(crc, slot + INODE_BYTES_REV0, self->inode_bytes - INODE_BYTES_REV0) & UINT16_MAX;
}

static uint32_t kept_checksum(const extfs_t *self, const inode_t *raw)
{
	return HAS_FIELD(self, raw, checksum_hi) ? (uint32_t)raw->checksum_hi << 16 | raw->checksum_lo : raw->checksum_lo;
}

static size_t raw_bytes(const extfs_t *self)
{
	return AX_MIN((size_t)self->inode_bytes, sizeof(inode_t));
}

static int64_t time_of(uint32_t seconds, uint32_t extra, bool has_extra)
{
	int64_t result = (int32_t)seconds;
	if (!has_extra)
		return result * NS_PER_S;
	result += (int64_t)(extra & 3) << 32;
	if (result >= INT64_MAX / NS_PER_S)
		return INT64_MAX; /* after the year 2262 */
	return result * NS_PER_S + AX_MIN(extra >> 2, (uint32_t)NS_PER_S - 1);
}

static void set_time(int64_t ns, uint32_t *seconds, uint32_t *extra, bool has_extra)
{
	int64_t whole = ns / NS_PER_S, part = ns % NS_PER_S;
	if (part < 0) {
		part += NS_PER_S;
		whole--;
	}
	*seconds = (uint32_t)whole;
	if (has_extra)
		*extra = (uint32_t)part << 2 | (uint32_t)((whole - (int32_t)whole) >> 32 & 3);
}

static uint64_t size_of(const inode_t *raw)
{
	return (uint64_t)raw->size_hi << 32 | raw->size_lo;
}

static uint64_t sectors_of(const extfs_t *self, const inode_t *raw)
{
	if (!(self->super.feature_ro_compat & RO_HUGE_FILE))
		return raw->blocks_lo;
	const uint64_t blocks = (uint64_t)raw->blocks_hi << 32 | raw->blocks_lo;
	return raw->flags & INODE_HUGE_FILE ? blocks << (self->block_shift - 9) : blocks;
}

/* The old encoding of Linux first (8 bits each), then the new one. */
static uint64_t device_of(const inode_t *raw)
{
	const uint32_t old = raw->block[0], new = raw->block[1];
	if (old)
		return (uint64_t)(old >> 8 & 255) << 8 | (old & 255);
	const uint32_t major = new >> 8 & 0xfff, minor = (new & 255) | (new >> 12 & 0xfff00);
	return ((uint64_t)(major & 0xfff) << 8) | (minor & 255) | (uint64_t)(minor & 0xfff00) << 12;
}

static void fill_node(const extfs_t *self, extfs_inode_t *inode)
{
	const inode_t *raw = &inode->raw;
	vfs_node_t *node = &inode->node;
	node->size = size_of(raw);
	node->mode = raw->mode;
	node->links = raw->links_count;
	node->uid = (uint32_t)raw->uid_hi << 16 | raw->uid_lo;
	node->gid = (uint32_t)raw->gid_hi << 16 | raw->gid_lo;
	node->accessed_ns = time_of(raw->atime, raw->atime_extra, HAS_FIELD(self, raw, atime_extra));
	node->modified_ns = time_of(raw->mtime, raw->mtime_extra, HAS_FIELD(self, raw, mtime_extra));
	node->changed_ns = time_of(raw->ctime, raw->ctime_extra, HAS_FIELD(self, raw, ctime_extra));
	node->created_ns = HAS_FIELD(self, raw, crtime_extra) ? time_of(raw->crtime, raw->crtime_extra, true)
							      : node->changed_ns;
	node->blocks = sectors_of(self, raw);
	if (vfs_type(node) == VFS_CHARACTER_DEVICE || vfs_type(node) == VFS_BLOCK_DEVICE)
		node->device = device_of(raw);
}

bool inode_has_blocks(const extfs_inode_t *inode)
{
	const uint32_t type = vfs_type(&inode->node);
	return type == VFS_REGULAR || type == VFS_DIRECTORY ||
	       (type == VFS_SYMLINK && inode->node.size >= sizeof inode->raw.block);
}

static bool is_plausible(const extfs_t *self, const extfs_inode_t *inode)
{
	const vfs_node_t *node = &inode->node;
	const uint32_t type = vfs_type(node);
	if (inode->raw.flags & (INODE_INLINE_DATA | INODE_ENCRYPT))
		return false;
	if (self->inode_bytes > INODE_BYTES_REV0 && inode->raw.extra_isize > self->inode_bytes - INODE_BYTES_REV0)
		return false;
	switch (type) {
	case VFS_DIRECTORY:
		return node->size && !(node->size & (self->block_bytes - 1)) && node->size <= UINT32_MAX;
	case VFS_SYMLINK:
		return node->size && node->size < self->block_bytes;
	case VFS_REGULAR:
		return node->size <= map_max_bytes(inode);
	default:
		return type == VFS_PIPE || type == VFS_SOCKET || type == VFS_CHARACTER_DEVICE || type == VFS_BLOCK_DEVICE;
	}
}

static extfs_inode_t *make(extfs_t *self, uint32_t number)
{
	extfs_inode_t *inode = self->vfs.host->allocate(sizeof *inode);
	if (!inode)
		return NULL;
	memset(inode, 0, sizeof *inode);
	inode->node.fs = &self->vfs;
	inode->node.ops = self->vfs.ops;
	inode->node.number = number;
	inode->node.references = 1;
	list_node_init(&inode->in_dirty);
	return inode;
}

ax_err_t inode_get(extfs_t *self, uint32_t number, extfs_inode_t **out)
{
	uint64_t block;
	uint32_t offset;
	buffer_t *table;
	vfs_node_t *known = vfs_table_find(&self->nodes, number);
	if (known) {
		*out = container_of(known, extfs_inode_t, node);
		return AX_OK;
	}
	ax_err_t error = inode_location(self, number, &block, &offset);
	if (!error)
		error = buffer_get(self, block, KIND_INODE_TABLE, &table);
	if (error)
		return error;
	extfs_inode_t *inode = make(self, number);
	if (!inode) {
		buffer_put(table);
		return AX_ERR_NO_MEMORY;
	}
	const uint8_t *slot = table->data + offset;
	memcpy(&inode->raw, slot, raw_bytes(self));
	fill_node(self, inode);
	inode->seed = seed_of(self, number, &inode->raw);
	if (table->in_transaction) /* perhaps for what this inode was before it left the memory */
		inode->changed_before = self->commits + 1;
	if (!is_plausible(self, inode) ||
	    (self->has_checksums && !self->is_recovering && checksum_of(self, number, slot) != kept_checksum(self, &inode->raw)))
		error = extfs_damaged(self, "inode", number);
	buffer_put(table);
	if (error) {
		self->vfs.host->free(inode);
		return error;
	}
	vfs_table_add(&self->nodes, &inode->link, &inode->node);
	*out = inode;
	return AX_OK;
}

void inode_put(extfs_inode_t *inode)
{
	vfs_node_put(&inode->node);
}

/* To the inode table's block in memory. */
static ax_err_t write_back(extfs_t *self, extfs_inode_t *inode, bool is_new)
{
	uint64_t block;
	uint32_t offset;
	buffer_t *table;
	const uint32_t number = (uint32_t)inode->node.number;
	ax_err_t error = inode_location(self, number, &block, &offset);
	if (!error)
		error = buffer_get(self, block, KIND_INODE_TABLE, &table);
	if (error)
		return error;
	uint8_t *slot = table->data + offset;
	if (is_new)
		memset(slot, 0, self->inode_bytes);
	memcpy(slot, &inode->raw, raw_bytes(self));
	if (self->has_checksums) {
		const uint32_t crc = checksum_of(self, number, slot);
		inode->raw.checksum_lo = (uint16_t)crc;
		if (HAS_FIELD(self, &inode->raw, checksum_hi))
			inode->raw.checksum_hi = (uint16_t)(crc >> 16);
		memcpy(slot, &inode->raw, raw_bytes(self));
	}
	buffer_change(table);
	buffer_put(table);
	if (inode->is_dirty) {
		inode->is_dirty = false;
		list_remove(&inode->in_dirty);
		self->dirty_inode_count--;
	}
	return AX_OK;
}

ax_err_t inodes_write(extfs_t *self)
{
	list_node_t *first;
	while ((first = list_first(&self->dirty_inodes)) != NULL) {
		extfs_inode_t *inode = list_entry(first, extfs_inode_t, in_dirty);
		ax_err_t error = write_back(self, inode, false);
		if (error)
			return error;
	}
	return AX_OK;
}

/* Out of memory; the last reference is gone. */
void inode_forget(extfs_inode_t *inode)
{
	extfs_t *self = volume_of(inode);
	if (!vfs_table_remove_unused(&self->nodes, &inode->link))
		return;
	if (inode->is_dirty && write_back(self, inode, false)) {
		self->doomed = true;
		list_remove(&inode->in_dirty);
		self->dirty_inode_count--;
	}
	self->vfs.host->free(inode);
}

void inode_change_times(extfs_inode_t *inode)
{
	extfs_t *self = volume_of(inode);
	self->changes++;
	if (!inode->is_dirty) {
		inode->is_dirty = true;
		list_push_back(&self->dirty_inodes, &inode->in_dirty);
		self->dirty_inode_count++;
	}
}

void inode_change(extfs_inode_t *inode)
{
	inode->changed_before = volume_of(inode)->commits + 1;
	inode_change_times(inode);
}

void inode_set_size(extfs_inode_t *inode, uint64_t bytes)
{
	inode->node.size = bytes;
	inode->raw.size_lo = (uint32_t)bytes;
	inode->raw.size_hi = (uint32_t)(bytes >> 32);
	inode_change(inode);
}

void inode_set_links(extfs_inode_t *inode, uint32_t links)
{
	inode->node.links = links;
	inode->raw.links_count = (uint16_t)links;
	inode_change(inode);
}

/* Of more than 2^48 sectors a file cannot be: 16 TiB are 2^35. */
void inode_add_blocks(extfs_inode_t *inode, int64_t blocks)
{
	extfs_t *self = volume_of(inode);
	inode_t *raw = &inode->raw;
	const bool is_huge = raw->flags & INODE_HUGE_FILE && self->super.feature_ro_compat & RO_HUGE_FILE;
	const int64_t units = is_huge ? blocks : blocks * (int64_t)(self->block_bytes / 512);
	const uint64_t sum = ((uint64_t)raw->blocks_hi << 32 | raw->blocks_lo) + (uint64_t)units;
	raw->blocks_lo = (uint32_t)sum;
	if (self->super.feature_ro_compat & RO_HUGE_FILE)
		raw->blocks_hi = (uint16_t)(sum >> 32);
	inode->node.blocks = sectors_of(self, raw);
	inode_change(inode);
}

void inode_store_attributes(extfs_inode_t *inode, uint32_t which)
{
	extfs_t *self = volume_of(inode);
	inode_t *raw = &inode->raw;
	const vfs_node_t *node = &inode->node;
	if (which & VFS_SET_MODE)
		raw->mode = (uint16_t)node->mode;
	if (which & VFS_SET_OWNER) {
		raw->uid_lo = (uint16_t)node->uid;
		raw->uid_hi = (uint16_t)(node->uid >> 16);
		raw->gid_lo = (uint16_t)node->gid;
		raw->gid_hi = (uint16_t)(node->gid >> 16);
	}
	if (which & VFS_SET_TIMES) {
		set_time(node->accessed_ns, &raw->atime, &raw->atime_extra, HAS_FIELD(self, raw, atime_extra));
		set_time(node->modified_ns, &raw->mtime, &raw->mtime_extra, HAS_FIELD(self, raw, mtime_extra));
		set_time(node->changed_ns, &raw->ctime, &raw->ctime_extra, HAS_FIELD(self, raw, ctime_extra));
	}
	if (which & ~(uint32_t)VFS_SET_TIMES)
		inode_change(inode);
	else
		inode_change_times(inode);
}

/* A new inode in its first state: no blocks, one link, its text or device by the caller. */
static void init_raw(extfs_t *self, extfs_inode_t *inode, const vfs_new_t *what)
{
	inode_t *raw = &inode->raw;
	vfs_node_t *node = &inode->node;
	if (self->inode_bytes > INODE_BYTES_REV0)
		raw->extra_isize = (uint16_t)AX_MIN(sizeof(inode_t) - INODE_BYTES_REV0, self->inode_bytes - INODE_BYTES_REV0);
	node->mode = what->mode & UINT16_MAX;
	node->uid = what->uid;
	node->gid = what->gid;
	node->device = what->device;
	node->accessed_ns = node->modified_ns = node->changed_ns = node->created_ns = self->vfs.host->now_ns();
	raw->generation = (uint32_t)((uint64_t)node->created_ns * 2654435761u >> 8);
	if (HAS_FIELD(self, raw, crtime_extra))
		set_time(node->created_ns, &raw->crtime, &raw->crtime_extra, true);
	inode->seed = seed_of(self, (uint32_t)node->number, raw);
}

ax_err_t inode_create(extfs_inode_t *parent, const vfs_new_t *what, extfs_inode_t **out)
{
	extfs_t *self = volume_of(parent);
	const bool is_directory = (what->mode & VFS_TYPE_MASK) == VFS_DIRECTORY;
	uint32_t number;
	ax_err_t error = inode_number_allocate(self, (uint32_t)parent->node.number, is_directory, &number);
	if (error)
		return error;
	vfs_node_t *stale = vfs_table_find(&self->nodes, number);
	if (stale) {
		vfs_node_put(stale);
		return extfs_damaged(self, "inode in use is free", number);
	}
	extfs_inode_t *inode = make(self, number);
	if (!inode)
		return AX_ERR_NO_MEMORY;
	init_raw(self, inode, what);
	map_init(inode);
	inode_store_attributes(inode, VFS_SET_MODE | VFS_SET_OWNER | VFS_SET_TIMES);
	inode_set_links(inode, 1);
	vfs_table_add(&self->nodes, &inode->link, &inode->node);
	error = write_back(self, inode, true);
	if (error) {
		inode_put(inode);
		return error;
	}
	inode_change(inode);
	*out = inode;
	return AX_OK;
}
