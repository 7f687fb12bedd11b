/* SPDX-License-Identifier: Apache-2.0 */
/* The names that main.c uses, for a block device of the image. */
#pragma once

#include <axstd/axstd.h>

typedef block_device_t *disk_t;

#define disk_print ax_print

static inline bool disk_open(disk_t *disk, uint64_t *bytes)
{
	*disk = axblock_find("vda");
	*bytes = *disk ? block_device_bytes(*disk) : 0;
	return *disk;
}

static inline void *disk_buffer(size_t bytes)
{
	return ax_alloc(bytes);
}

static inline bool disk_transfer(disk_t disk, bool writes, uint64_t offset, void *buffer, size_t bytes)
{
	uint64_t first = offset >> disk->block_shift, blocks = bytes >> disk->block_shift;
	ax_err_t error = writes ? block_device_write(disk, first, blocks, buffer) : block_device_read(disk, first, blocks, buffer);
	return error == AX_OK;
}

static inline bool disk_flush(disk_t disk)
{
	return block_device_flush(disk) == AX_OK;
}

static inline uint64_t disk_now_ns(void)
{
	return ax_now_ns();
}
