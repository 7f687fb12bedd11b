/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block device as a file of bytes. Whole blocks go straight between the device and the caller's memory; a piece of
 * a block goes through one of ours. There is no cache: a write has reached the device when it returns, and sync()
 * flushes that.
 */
#include "devfs_internal.h"

#include <base/base.h>
#include <memstr/memstr.h>

enum { MAJOR = 254 };

/* ioctl numbers of Linux (include/uapi/linux/fs.h) */
enum { BLKROGET = 0x125e, BLKFLSBUF = 0x1261, BLKSSZGET = 0x1268 };
#define BLKGETSIZE64 0x80081272ul

typedef struct block_file {
	devfs_device_t device;
	block_device_t *block;
} block_file_t;

static block_device_t *block_of(const devfs_device_t *self)
{
	return container_of(self, block_file_t, device)->block;
}

static uint64_t size(const devfs_device_t *self)
{
	return block_device_bytes(block_of(self));
}

/* At most @p bytes at @p offset that lie in one block; 0: the end is reached, or whole blocks follow. */
static size_t piece_at(const block_device_t *block, uint64_t offset, size_t bytes)
{
	const size_t start = offset & (block->block_bytes - 1);
	return start || bytes < block->block_bytes ? AX_MIN(bytes, block->block_bytes - start) : 0;
}

/* One step of a transfer: a piece of a block, or as many whole ones as there are. */
static ax_err_t step(block_device_t *block, char *data, size_t bytes, uint64_t offset, bool write, size_t *moved)
{
	_Alignas(16) char bounce[BLOCK_BYTES_MAX];
	const uint64_t first = offset >> block->block_shift;
	const size_t piece = piece_at(block, offset, bytes);
	if (!piece) {
		const uint64_t count = bytes >> block->block_shift;
		*moved = (size_t)(count << block->block_shift);
		return write ? block_device_write(block, first, count, data) : block_device_read(block, first, count, data);
	}
	char *place = bounce + (offset & (block->block_bytes - 1));
	*moved = piece;
	ax_err_t error = block_device_read(block, first, 1, bounce);
	if (error != AX_OK || !write) {
		if (error == AX_OK)
			memcpy(data, place, piece);
		return error;
	}
	memcpy(place, data, piece);
	return block_device_write(block, first, 1, bounce);
}

static ax_err_t transfer(block_device_t *block, char *data, size_t bytes, uint64_t offset, bool write, size_t *done)
{
	const uint64_t end = block_device_bytes(block);
	ax_err_t error = AX_OK;
	if (offset >= end)
		return write && bytes ? AX_ERR_NO_SPACE : AX_OK;
	bytes = (size_t)AX_MIN((uint64_t)bytes, end - offset);
	while (*done < bytes && error == AX_OK) {
		size_t moved;
		error = step(block, data + *done, bytes - *done, offset + *done, write, &moved);
		*done += error == AX_OK ? moved : 0;
	}
	return *done ? AX_OK : error;
}

static ax_err_t read(const devfs_device_t *self, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	return transfer(block_of(self), buffer, bytes, offset, false, done);
}

static ax_err_t write(const devfs_device_t *self, const void *data, size_t bytes, uint64_t offset, size_t *done)
{
	if (block_of(self)->read_only)
		return AX_ERR_NOT_PERMITTED;
	return transfer(block_of(self), (char *)(uintptr_t)data, bytes, offset, true, done);
}

static ax_err_t sync(const devfs_device_t *self)
{
	return block_device_flush(block_of(self));
}

static ax_err_t control(const devfs_device_t *self, unsigned long request, void *argument)
{
	const block_device_t *block = block_of(self);
	switch (request) {
	case BLKGETSIZE64:
		*(uint64_t *)argument = block_device_bytes(block);
		return AX_OK;
	case BLKSSZGET:
		*(int *)argument = (int)block->block_bytes;
		return AX_OK;
	case BLKROGET:
		*(int *)argument = block->read_only;
		return AX_OK;
	case BLKFLSBUF:
		return sync(self);
	}
	return AX_ERR_NOT_A_TERMINAL;
}

static void free_block(const vfs_host_t *host, const devfs_device_t *device)
{
	host->free(container_of(device, block_file_t, device));
}

ax_err_t devfs_add_block(vfs_t *fs, block_device_t *device)
{
	static unsigned s_last;
	block_file_t *self = fs->host->allocate(sizeof *self);
	if (!self)
		return AX_ERR_NO_MEMORY;
	*self = (block_file_t){
		.device = {
			.name = device->name, .mode = VFS_BLOCK_DEVICE | (device->read_only ? 0440 : 0660),
			.number = DEVFS_NUMBER(MAJOR, s_last++), .read = read, .write = write, .control = control,
			.sync = sync, .size = size,
		},
		.block = device,
	};
	ax_err_t error = devfs_add_owned(fs, &self->device, free_block);
	if (error != AX_OK)
		fs->host->free(self);
	return error;
}
