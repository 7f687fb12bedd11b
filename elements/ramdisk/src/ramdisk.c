/* SPDX-License-Identifier: Apache-2.0 */
/* A block device in memory: every request ends within its submission. */
#include <base/base.h>
#include <driver_block/driver.h>
#include <memstr/memstr.h>
#include <ramdisk/ramdisk.h>

static bool ramdisk_submit(block_device_t *device, block_request_t *request)
{
	const ramdisk_t *self = container_of(device, ramdisk_t, device);
	uint8_t *at = self->memory + (request->first << device->block_shift);
	if (request->op == BLOCK_WRITE_ZEROES)
		memset(at, 0, (size_t)(request->count << device->block_shift));
	for (size_t i = 0; i < request->segment_count; i++) {
		const block_segment_t *segment = &request->segments[i];
		if (request->op == BLOCK_READ)
			memcpy(segment->start, at, segment->bytes);
		else
			memcpy(at, segment->start, segment->bytes);
		at += segment->bytes;
	}
	block_request_complete(request, AX_OK);
	return true;
}

/* Nothing is ever under way. */
static void ramdisk_kick([[maybe_unused]] block_device_t *device)
{
}

static void ramdisk_poll([[maybe_unused]] block_device_t *device)
{
}

static void ramdisk_wait([[maybe_unused]] block_device_t *device, [[maybe_unused]] const block_request_t *request)
{
}

BLOCK_DRIVER(ramdisk_ops, ramdisk_submit, ramdisk_kick, ramdisk_poll, ramdisk_wait);

ax_err_t ramdisk_init(ramdisk_t *self, const char *name, void *memory, size_t bytes, uint32_t block_bytes,
		      bool read_only)
{
	if (block_bytes < BLOCK_BYTES_MIN || block_bytes > BLOCK_BYTES_MAX || block_bytes & (block_bytes - 1) ||
	    bytes < block_bytes)
		return AX_ERR_INVALID_INPUT;
	uint64_t blocks = bytes / block_bytes;
	self->memory = memory;
	self->device = (block_device_t){
		.name = name,
		.block_count = blocks,
		.block_bytes = block_bytes,
		.preferred_blocks = 1,
		.max_segments = UINT32_MAX,
		.max_blocks = blocks,
		.max_erase_blocks = blocks,
		.read_only = read_only,
		.can_discard = true,
		.can_write_zeroes = true,
	};
	BLOCK_DRIVER_ATTACH(&self->device, ramdisk_ops);
	return AX_OK;
}
