/* SPDX-License-Identifier: Apache-2.0 */
/* Mounting: the superblock and what follows from it, recovery, and the end; the table of operations. */
#include "checksum.h"
#include "volume.h"

#include <extfs/extfs.h>
#include <memstr/memstr.h>

enum { LOG_BLOCK_SIZE_MAX = 5, FIRST_INODE_MIN = 11 };

/* Counts are kept in the superblock, too. */
void super_fill(extfs_t *self, super_t *super)
{
	self->super.free_blocks_count_lo = (uint32_t)self->free_blocks;
	if (self->super.feature_incompat & INCOMPAT_64BIT)
		self->super.free_blocks_count_hi = (uint32_t)(self->free_blocks >> 32);
	self->super.wtime = (uint32_t)(self->vfs.host->now_ns() / 1000000000);
	if (self->has_checksums)
		self->super.checksum = crc32c(UINT32_MAX, &self->super, offsetof(super_t, checksum));
	*super = self->super;
}

ax_err_t super_write(extfs_t *self)
{
	super_t *super = self->vfs.host->allocate(sizeof *super);
	if (!super)
		return AX_ERR_NO_MEMORY;
	super_fill(self, super);
	ax_err_t error = volume_write_bytes(self, SUPER_OFFSET, sizeof *super, super);
	self->vfs.host->free(super);
	return error;
}

static ax_err_t refuse(extfs_t *self, const char *why)
{
	self->damage = why;
	return AX_ERR_NOT_SUPPORTED;
}

static ax_err_t check_features(extfs_t *self)
{
	const super_t *super = &self->super;
	if (super->rev_level > 1)
		return refuse(self, "an unknown revision");
	if (super->rev_level == 0) { /* it ends before the features */
		self->super.feature_compat = self->super.feature_incompat = self->super.feature_ro_compat = 0;
		self->super.inode_size = INODE_BYTES_REV0;
		self->super.first_ino = FIRST_INODE_REV0;
	}
	if (super->feature_incompat & ~(uint32_t)INCOMPAT_KNOWN)
		return refuse(self, "an unknown incompatible feature");
	if (super->feature_ro_compat & ~(uint32_t)RO_KNOWN)
		self->read_only = true;
	self->has_checksums = super->feature_ro_compat & RO_METADATA_CSUM;
	self->has_group_checksums = super->feature_ro_compat & (RO_METADATA_CSUM | RO_GDT_CSUM);
	self->has_extents = super->feature_incompat & INCOMPAT_EXTENTS;
	self->has_file_types = super->feature_incompat & INCOMPAT_FILETYPE;
	/* while there is something to recover, a write may have ended half-way */
	if (self->has_checksums && !(super->feature_incompat & INCOMPAT_RECOVER) &&
	    (super->checksum_type != 1 || super->checksum != crc32c(UINT32_MAX, super, offsetof(super_t, checksum))))
		return extfs_damaged(self, "superblock's checksum", 0);
	if (super->feature_incompat & INCOMPAT_CSUM_SEED)
		self->seed = super->checksum_seed;
	else if (self->has_checksums)
		self->seed = crc32c(UINT32_MAX, super->uuid, sizeof super->uuid);
	return AX_OK;
}

static bool is_power_of_two(uint32_t value)
{
	return value && !(value & (value - 1));
}

/* Sizes that the rest relies on. */
static bool geometry_is_sound(const extfs_t *self)
{
	const super_t *super = &self->super;
	const uint32_t bits = self->block_bytes * 8;
	return super->first_data_block == (self->block_bytes == MIN_BLOCK_BYTES) &&
	       super->blocks_per_group && super->blocks_per_group <= bits && super->blocks_per_group % 8 == 0 &&
	       super->inodes_per_group && super->inodes_per_group <= bits && super->inodes_per_group % 8 == 0 &&
	       self->blocks_count > super->first_data_block + 1ull && is_power_of_two(self->inode_bytes) &&
	       self->inode_bytes >= INODE_BYTES_REV0 && self->inode_bytes <= self->block_bytes &&
	       self->first_inode >= FIRST_INODE_MIN && is_power_of_two(self->group_bytes) &&
	       self->group_bytes >= GROUP_BYTES_32 && self->group_bytes <= self->block_bytes &&
	       super->reserved_gdt_blocks <= self->block_bytes / 4 && super->free_inodes_count <= super->inodes_count;
}

static ax_err_t take_super(extfs_t *self)
{
	const super_t *super = &self->super;
	if (super->magic != SUPER_MAGIC)
		return AX_ERR_INVALID_INPUT;
	ax_err_t error = check_features(self);
	if (error)
		return error;
	if (super->log_block_size > LOG_BLOCK_SIZE_MAX)
		return extfs_damaged(self, "superblock", 0);
	self->block_shift = 10 + super->log_block_size;
	self->block_bytes = 1u << self->block_shift;
	if (self->block_shift < self->device->block_shift)
		return refuse(self, "blocks that are smaller than the device's");
	self->device_shift = self->block_shift - self->device->block_shift;
	const bool is_64bit = super->feature_incompat & INCOMPAT_64BIT;
	self->blocks_count = (is_64bit ? (uint64_t)super->blocks_count_hi << 32 : 0) | super->blocks_count_lo;
	self->group_bytes = is_64bit ? super->desc_size : GROUP_BYTES_32;
	self->inode_bytes = super->inode_size;
	self->first_inode = super->first_ino;
	self->inodes_count = super->inodes_count;
	if (!geometry_is_sound(self) || (is_64bit && self->group_bytes < sizeof(group_t)))
		return extfs_damaged(self, "superblock", 0);
	if (self->blocks_count > self->device->block_count >> self->device_shift)
		return extfs_damaged(self, "the device is shorter than the volume, in blocks:", self->blocks_count);
	const uint64_t groups = (self->blocks_count - super->first_data_block + super->blocks_per_group - 1) /
				super->blocks_per_group;
	self->groups_per_block = self->block_bytes / self->group_bytes;
	if (groups > UINT32_MAX || groups * super->inodes_per_group != super->inodes_count)
		return extfs_damaged(self, "superblock", 0);
	self->group_count = (uint32_t)groups;
	return AX_OK;
}

/* Every descriptor is looked at once, and what is free is counted: the superblock's counts may be old. */
static ax_err_t count_free(extfs_t *self)
{
	uint64_t free_blocks = 0, free_inodes = 0;
	for (uint32_t i = 0; i < self->group_count; i++) {
		buffer_t *descriptors;
		group_t *group;
		ax_err_t error = group_get(self, i, &descriptors, &group);
		if (error)
			return error;
		free_blocks += group_count_of(self, &group->free_blocks_count_lo, &group->free_blocks_count_hi);
		free_inodes += group_count_of(self, &group->free_inodes_count_lo, &group->free_inodes_count_hi);
		buffer_put(descriptors);
	}
	self->free_blocks = free_blocks;
	self->super.free_inodes_count = (uint32_t)free_inodes;
	return AX_OK;
}

static ax_err_t read_super(extfs_t *self)
{
	ax_err_t error = volume_read_bytes(self, SUPER_OFFSET, sizeof self->super, &self->super);
	return error ? error : take_super(self);
}

/* A journal that holds what the disk does not: bring it there, and begin anew with what the disk says then. */
static ax_err_t recover(extfs_t *self)
{
	if (!(self->super.feature_incompat & INCOMPAT_RECOVER))
		return AX_OK;
	if (self->device->read_only) {
		self->damage = "the journal must be recovered, and the device is read-only";
		return AX_ERR_READ_ONLY;
	}
	if (!self->journal.inode)
		return extfs_damaged(self, "no journal to recover from", 0);
	ax_err_t error = journal_recover(self);
	if (!error)
		error = journal_write_super(self);
	if (error)
		return error;
	inode_put(self->journal.inode);
	self->journal.inode = NULL;
	buffers_drop(self);
	self->is_recovering = false;
	error = read_super(self);
	if (!error && self->block_bytes != self->vfs.block_bytes)
		error = extfs_damaged(self, "superblock in the journal", 0);
	if (error)
		return error;
	self->super.feature_incompat &= ~(uint32_t)INCOMPAT_RECOVER;
	error = super_write(self);
	if (!error)
		error = volume_flush(self);
	return error ? error : journal_load(self);
}

/* From now on the disk says that it is in use: by the journal's feature, or by the state's missing "clean". */
static ax_err_t begin_writing(extfs_t *self, uint32_t flags)
{
	const bool is_clean = self->super.state & STATE_CLEAN && !(self->super.state & STATE_ERRORS);
	if (self->device->read_only || flags & EXTFS_READ_ONLY)
		self->read_only = true;
	else if (!is_clean && !(flags & EXTFS_UNCHECKED)) {
		self->read_only = true;
		self->damage = "it was not unmounted, or has errors: read-only until checked";
	}
	if (self->read_only)
		return AX_OK;
	self->transaction_max = TRANSACTION_MAX;
	ax_err_t error = journal_open(self);
	if (error)
		return error;
	if (self->journal.is_open)
		self->super.feature_incompat |= INCOMPAT_RECOVER;
	else
		self->super.state &= (uint16_t)~STATE_CLEAN;
	self->super.mtime = (uint32_t)(self->vfs.host->now_ns() / 1000000000);
	self->super.mnt_count++;
	error = super_write(self);
	if (!error)
		error = volume_flush(self);
	buffer_forget(self, SUPER_OFFSET >> self->block_shift);
	return error ? error : orphans_clean(self);
}

static ax_err_t open_root(extfs_t *self)
{
	extfs_inode_t *root;
	ax_err_t error = inode_get(self, ROOT_INODE, &root);
	if (error)
		return error;
	self->vfs.root = &root->node;
	return vfs_is_directory(&root->node) && root->node.links ? AX_OK : extfs_damaged(self, "root directory", ROOT_INODE);
}

/* Forget all, whatever references there are. */
static void destroy(extfs_t *self)
{
	vfs_table_link_t *link;
	while (self->nodes.chains && (link = vfs_table_any(&self->nodes)) != NULL) {
		link->node->references = 0;
		if (!vfs_table_remove_unused(&self->nodes, link))
			break;
		self->vfs.host->free(container_of(link, extfs_inode_t, link));
	}
	if (self->nodes.chains)
		vfs_table_destroy(&self->nodes);
	buffers_drop(self);
	self->vfs.host->free(self->buckets);
	self->vfs.host->free(self->scratch);
	self->vfs.host->free(self);
}

/* All that was written becomes durable, and the disk says that nobody uses it, but for a file without a name that is open. */
static ax_err_t end_writing(extfs_t *self)
{
	ax_err_t error = transaction_commit(self);
	if (!error && self->super.last_orphan)
		return volume_flush(self);
	if (!error)
		error = volume_flush(self);
	if (!error && self->journal.is_open) {
		error = journal_close(self);
		self->super.feature_incompat &= ~(uint32_t)INCOMPAT_RECOVER;
	}
	if (self->damaged)
		self->super.state |= STATE_ERRORS;
	else if (!error)
		self->super.state |= STATE_CLEAN;
	if (!error)
		error = super_write(self);
	return error ? error : volume_flush(self);
}

ax_err_t extfs_finish(vfs_t *fs)
{
	extfs_t *self = container_of(fs, extfs_t, vfs);
	ax_err_t error = self->read_only ? AX_OK : end_writing(self);
	self->read_only = true;
	fs->flags |= VFS_READ_ONLY;
	return error;
}

ax_err_t extfs_unmount(vfs_t *fs)
{
	extfs_t *self = container_of(fs, extfs_t, vfs);
	inode_put(container_of(fs->root, extfs_inode_t, node));
	ax_err_t error = extfs_finish(fs);
	destroy(self);
	return error;
}

static extfs_t *make(block_device_t *device, const vfs_host_t *host, const char *source)
{
	extfs_t *self = host->allocate(sizeof *self);
	if (!self)
		return NULL;
	memset(self, 0, sizeof *self);
	self->vfs = (vfs_t){ .ops = &extfs_ops, .host = host, .kind = "ext4", .source = source,
			     .flags = VFS_SLEEPS | VFS_SERIAL };
	self->device = device;
	list_init(&self->unused);
	list_init(&self->transaction);
	list_init(&self->dirty_data);
	list_init(&self->dirty_inodes);
	return self;
}

static ax_err_t open(extfs_t *self, uint32_t flags)
{
	ax_err_t error = vfs_table_init(&self->nodes, self->vfs.host);
	if (!error)
		error = read_super(self);
	if (error)
		return error;
	self->vfs.block_bytes = self->block_bytes;
	self->scratch = self->vfs.host->allocate(self->block_bytes);
	error = self->scratch ? buffers_init(self) : AX_ERR_NO_MEMORY;
	if (error)
		return error;
	self->is_recovering = self->super.feature_incompat & INCOMPAT_RECOVER;
	error = journal_load(self);
	if (!error)
		error = recover(self);
	if (!error)
		error = count_free(self);
	if (!error)
		error = begin_writing(self, flags);
	if (!error)
		error = open_root(self);
	if (self->read_only)
		self->vfs.flags |= VFS_READ_ONLY;
	return error;
}

ax_err_t extfs_mount(block_device_t *device, const vfs_host_t *host, uint32_t flags, const char *source,
		     extfs_trouble_t *trouble, vfs_t **fs)
{
	extfs_t *self = make(device, host, source);
	if (!self)
		return AX_ERR_NO_MEMORY;
	ax_err_t error = open(self, flags);
	if (trouble)
		*trouble = (extfs_trouble_t){ self->damage, self->damage_at };
	if (error)
		destroy(self);
	else
		*fs = &self->vfs;
	return error;
}

extfs_trouble_t extfs_trouble(const vfs_t *fs)
{
	const extfs_t *self = container_of(fs, extfs_t, vfs);
	return (extfs_trouble_t){ self->damage, self->damage_at };
}
