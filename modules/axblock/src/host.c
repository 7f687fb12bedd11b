/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the host as block devices: the environment names them, AX_DISK0=path[,ro] and so on. Requests end within
 * their submission, as the host's calls do not return before.
 */
#include <axhal/boot.h>
#include <axhal/host_file.h>
#include <axlog/axlog.h>
#include <base/base.h>
#include <driver_block/driver.h>
#include <memstr/memstr.h>

#include "list.h"

enum { BLOCK_BYTES = 512, PATH_BYTES = 4096 };
#define READ_ONLY_SUFFIX ",ro"

typedef struct host_disk {
	block_device_t device;
	int file;
} host_disk_t;

static host_disk_t s_disks[AXBLOCK_MAX];

static ax_err_t transfer(const host_disk_t *self, const block_request_t *request)
{
	uint64_t offset = request->first * BLOCK_BYTES;
	ax_err_t error = AX_OK;
	for (size_t i = 0; !error && i < request->segment_count; i++) {
		const block_segment_t *segment = &request->segments[i];
		if (request->op == BLOCK_READ)
			error = axhal_host_file_read(self->file, segment->start, segment->bytes, offset);
		else
			error = axhal_host_file_write(self->file, segment->start, segment->bytes, offset);
		offset += segment->bytes;
	}
	return error;
}

static bool host_submit(block_device_t *device, block_request_t *request)
{
	const host_disk_t *self = container_of(device, host_disk_t, device);
	ax_err_t error;
	switch (request->op) {
	case BLOCK_FLUSH:
		error = axhal_host_file_sync(self->file);
		break;
	case BLOCK_DISCARD:
	case BLOCK_WRITE_ZEROES:
		error = axhal_host_file_punch(self->file, request->first * BLOCK_BYTES, request->count * BLOCK_BYTES);
		break;
	default:
		error = transfer(self, request);
	}
	block_request_complete(request, error);
	return true;
}

static void host_kick([[maybe_unused]] block_device_t *device)
{
}

static void host_poll([[maybe_unused]] block_device_t *device)
{
}

static void host_wait([[maybe_unused]] block_device_t *device, [[maybe_unused]] const block_request_t *request)
{
}

BLOCK_DRIVER(host_ops, host_submit, host_kick, host_poll, host_wait);

block_device_t *axblock_make(size_t index, const char *name)
{
	char variable[] = "AX_DISK00", path[PATH_BYTES];
	variable[7] = (char)('0' + (index < 10 ? index : index / 10));
	variable[8] = (char)(index < 10 ? 0 : '0' + index % 10);
	const char *value = axhal_boot_env(variable);
	if (!value)
		return NULL;
	size_t length = strnlen(value, PATH_BYTES), suffix = sizeof READ_ONLY_SUFFIX - 1;
	bool read_only = length > suffix && !strcmp(value + length - suffix, READ_ONLY_SUFFIX);
	length -= read_only ? suffix : 0;
	if (length >= PATH_BYTES) {
		ax_error("%s: a path too long", variable);
		return NULL;
	}
	memcpy(path, value, length);
	path[length] = 0;
	host_disk_t *disk = &s_disks[index];
	uint64_t bytes = 0;
	ax_err_t error = axhal_host_file_open(path, read_only, &disk->file, &bytes);
	if (error || bytes < BLOCK_BYTES) {
		ax_error("%s=%s: %s", variable, value, error ? ax_err_text(error) : "less than a block");
		return NULL;
	}
	disk->device = (block_device_t){
		.name = name,
		.block_count = bytes / BLOCK_BYTES,
		.block_bytes = BLOCK_BYTES,
		.preferred_blocks = 8,
		.max_segments = UINT32_MAX,
		.max_blocks = UINT32_MAX,
		.max_erase_blocks = UINT32_MAX,
		.read_only = read_only,
		.can_discard = true,
		.is_volatile = true,
	};
	BLOCK_DRIVER_ATTACH(&disk->device, host_ops);
	return &disk->device;
}
