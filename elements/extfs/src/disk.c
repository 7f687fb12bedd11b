/* SPDX-License-Identifier: Apache-2.0 */
/* The device in the volume's blocks. */
#include "volume.h"

#include <memstr/memstr.h>

static bool is_on_device(const extfs_t *self, uint64_t block, uint64_t count)
{
	return block < self->blocks_count && count <= self->blocks_count - block;
}

ax_err_t volume_read(extfs_t *self, uint64_t block, uint64_t count, void *to)
{
	if (!is_on_device(self, block, count))
		return AX_ERR_IO;
	return block_device_read(self->device, block << self->device_shift, count << self->device_shift, to);
}

ax_err_t volume_write(extfs_t *self, uint64_t block, uint64_t count, const void *from)
{
	if (!is_on_device(self, block, count))
		return AX_ERR_IO;
	return block_device_write(self->device, block << self->device_shift, count << self->device_shift, from);
}

static bool are_on_device(const extfs_t *self, uint64_t block, const block_segment_t *segments, size_t count)
{
	uint64_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += segments[i].bytes;
	return is_on_device(self, block, bytes >> self->block_shift);
}

ax_err_t volume_read_segments(extfs_t *self, uint64_t block, const block_segment_t *segments, size_t count)
{
	if (!are_on_device(self, block, segments, count))
		return AX_ERR_IO;
	return block_device_read_segments(self->device, block << self->device_shift, segments, count);
}

ax_err_t volume_write_segments(extfs_t *self, uint64_t block, const block_segment_t *segments, size_t count)
{
	if (!are_on_device(self, block, segments, count))
		return AX_ERR_IO;
	return block_device_write_segments(self->device, block << self->device_shift, segments, count);
}

ax_err_t volume_flush(extfs_t *self)
{
	return block_device_flush(self->device);
}

/* For the superblock, which lies at a byte and not at a block: what is around it on the device is kept. */
ax_err_t volume_read_bytes(extfs_t *self, uint64_t offset, size_t bytes, void *to)
{
	uint8_t around[BLOCK_BYTES_MAX];
	const uint64_t first = offset >> self->device->block_shift;
	const size_t skip = (size_t)(offset & (self->device->block_bytes - 1));
	const uint64_t count = (skip + bytes + self->device->block_bytes - 1) >> self->device->block_shift;
	if (count << self->device->block_shift > sizeof around)
		return AX_ERR_INVALID_INPUT;
	ax_err_t error = block_device_read(self->device, first, count, around);
	if (!error)
		memcpy(to, around + skip, bytes);
	return error;
}

ax_err_t volume_write_bytes(extfs_t *self, uint64_t offset, size_t bytes, const void *from)
{
	uint8_t around[BLOCK_BYTES_MAX];
	const uint64_t first = offset >> self->device->block_shift;
	const size_t skip = (size_t)(offset & (self->device->block_bytes - 1));
	const uint64_t count = (skip + bytes + self->device->block_bytes - 1) >> self->device->block_shift;
	if (count << self->device->block_shift > sizeof around)
		return AX_ERR_INVALID_INPUT;
	ax_err_t error = block_device_read(self->device, first, count, around);
	if (error)
		return error;
	memcpy(around + skip, from, bytes);
	return block_device_write(self->device, first, count, around);
}
