/* SPDX-License-Identifier: Apache-2.0 */
/* Mounting and its end; the volume as the VFS has it. */
#include "volume.h"

#include <fatfs/fatfs.h>
#include <memstr/memstr.h>

enum { MSDOS_SUPER_MAGIC = 0x4d44, NAMELESS = 0x100000000000 };

ax_err_t fatfs_statfs(vfs_t *fs, vfs_statfs_t *stat)
{
	fat_volume_t *self = container_of(fs, fat_volume_t, vfs);
	uint32_t free_clusters;
	ax_err_t error = library_count_free(&self->fs, &free_clusters);
	if (error)
		return error;
	*stat = (vfs_statfs_t){
		.block_bytes = (uint64_t)self->fs.csize * self->fs.ssize,
		.blocks = self->fs.n_fatent - 2,
		.free_blocks = free_clusters,
		.available_blocks = free_clusters,
		.name_max = VFS_NAME_MAX,
		.magic = MSDOS_SUPER_MAGIC,
	};
	return AX_OK;
}

ax_err_t fatfs_sync(vfs_t *fs)
{
	fat_volume_t *self = container_of(fs, fat_volume_t, vfs);
	ax_err_t error = nodes_store(self);
	return error ? error : library_flush(&self->fs);
}

ax_err_t fatfs_fsync(vfs_node_t *node, [[maybe_unused]] bool data_only)
{
	fat_volume_t *self = fat_volume_of(node);
	ax_err_t error = node_store(fat_node_of(node));
	return error ? error : library_flush(&self->fs);
}

/* What an error leaves behind here the next check of the volume finds: lost clusters, or an old entry. */
void fatfs_release(vfs_node_t *node)
{
	fat_node_t *self = fat_node_of(node);
	fat_volume_t *volume = fat_volume_of(node);
	ax_err_t error = AX_OK;
	if (node->fs->flags & VFS_READ_ONLY) {
		/* nothing is changed any more */
	} else if (node->links) {
		error = node_store(self);
	} else {
		const uint32_t first = vfs_is_directory(node) ? self->cluster : self->file->obj.sclust;
		if (first)
			error = library_free_chain(&volume->fs, first);
	}
	(void)error;
	node_forget(self);
}

ax_err_t fatfs_store_attributes(vfs_node_t *node, uint32_t which)
{
	node_take_attributes(fat_node_of(node), which);
	return AX_OK;
}

/* Forget all, whatever references there are. */
static void destroy(fat_volume_t *self)
{
	vfs_table_link_t *link;
	while (self->nodes.chains && (link = vfs_table_any(&self->nodes)) != NULL) {
		link->node->references = 0;
		node_forget(container_of(link, fat_node_t, link));
	}
	if (self->nodes.chains)
		vfs_table_destroy(&self->nodes);
	self->vfs.host->free(self);
}

ax_err_t fatfs_finish(vfs_t *fs)
{
	fat_volume_t *self = container_of(fs, fat_volume_t, vfs);
	bool was;
	if (fs->flags & VFS_READ_ONLY)
		return AX_OK;
	ax_err_t error = fatfs_sync(fs);
	if (!error && !self->was_dirty && !self->nameless_nodes)
		error = library_set_dirty(&self->fs, false, &was);
	if (!error)
		error = library_flush(&self->fs);
	fs->flags |= VFS_READ_ONLY;
	return error;
}

ax_err_t fatfs_unmount(vfs_t *fs)
{
	ax_err_t error = fatfs_finish(fs);
	destroy(container_of(fs, fat_volume_t, vfs));
	return error;
}

const vfs_ops_t fatfs_ops = FATFS_OPS;

/* The size that the boot record says, for FatFs asks the drive; without one, the device's. */
static ax_err_t find_sector_size(fat_volume_t *self, block_device_t *device)
{
	uint8_t *first = self->fs.win;
	ax_err_t error = block_device_read(device, 0, 1, first);
	if (error)
		return error;
	const uint32_t said = (uint32_t)first[11] | (uint32_t)first[12] << 8;
	const bool is_size = said >= BLOCK_BYTES_MIN && said <= FF_MAX_SS && !(said & (said - 1));
	self->disk.sector_bytes = is_size ? said : device->block_bytes;
	if (self->disk.sector_bytes < device->block_bytes)
		return AX_ERR_NOT_SUPPORTED;
	while (device->block_bytes << self->disk.sector_shift < self->disk.sector_bytes)
		self->disk.sector_shift++;
	return AX_OK;
}

static ax_err_t open(fat_volume_t *self, block_device_t *device, uint32_t flags)
{
	fat_node_t *root;
	ax_err_t error = find_sector_size(self, device);
	if (!error)
		error = library_mount(&self->fs, &self->disk, self->lfn);
	if (!error)
		error = vfs_table_init(&self->nodes, self->vfs.host);
	if (error)
		return error;
	self->vfs.block_bytes = (uint32_t)self->fs.csize * self->fs.ssize;
	if (flags & FATFS_READ_ONLY || device->read_only) {
		self->vfs.flags |= VFS_READ_ONLY;
	} else {
		error = library_set_dirty(&self->fs, true, &self->was_dirty);
		if (!error)
			error = library_flush(&self->fs);
	}
	if (!error)
		error = node_open_root(self, &root);
	if (!error)
		self->vfs.root = &root->node;
	return error;
}

ax_err_t fatfs_mount(block_device_t *device, const vfs_host_t *host, uint32_t flags, const char *source, bool *was_dirty,
		     vfs_t **fs)
{
	fat_volume_t *self = host->allocate(sizeof *self);
	if (!self)
		return AX_ERR_NO_MEMORY;
	memset(self, 0, sizeof *self);
	self->vfs = (vfs_t){
		.ops = &fatfs_ops, .host = host, .kind = "vfat", .source = source,
		.flags = VFS_SLEEPS | VFS_SERIAL | VFS_NO_CACHE | VFS_NO_SPARSE | VFS_NO_OWNERS,
	};
	self->disk.device = device;
	self->nameless = NAMELESS;
	list_init(&self->dirty);
	ax_err_t error = open(self, device, flags);
	if (error) {
		destroy(self);
		return error;
	}
	if (was_dirty)
		*was_dirty = self->was_dirty;
	*fs = &self->vfs;
	return AX_OK;
}
