/* SPDX-License-Identifier: Apache-2.0 */
/* null, zero, full, random: the numbers are those of Linux's Documentation/admin-guide/devices.txt. */
#include "devfs_internal.h"

#include <base/base.h>
#include <memstr/memstr.h>

typedef ax_err_t random_source_t(void *buffer, size_t bytes);

static ax_err_t write_nothing([[maybe_unused]] const devfs_device_t *self, [[maybe_unused]] const void *data, size_t bytes,
			      [[maybe_unused]] uint64_t offset, size_t *done)
{
	*done = bytes;
	return AX_OK;
}

static ax_err_t write_full([[maybe_unused]] const devfs_device_t *self, [[maybe_unused]] const void *data,
			   [[maybe_unused]] size_t bytes, [[maybe_unused]] uint64_t offset, [[maybe_unused]] size_t *done)
{
	return AX_ERR_NO_SPACE;
}

static ax_err_t read_zeroes([[maybe_unused]] const devfs_device_t *self, void *buffer, size_t bytes,
			    [[maybe_unused]] uint64_t offset, size_t *done)
{
	memset(buffer, 0, bytes);
	*done = bytes;
	return AX_OK;
}

static ax_err_t read_random(const devfs_device_t *self, void *buffer, size_t bytes, [[maybe_unused]] uint64_t offset,
			    size_t *done)
{
	random_source_t *const *source = self->context;
	ax_err_t error = (*source)(buffer, bytes);
	*done = error == AX_OK ? bytes : 0;
	return error;
}

/* A function's address is not an object's: the devices' context points at this one, allocated with them. */
typedef struct random_devices {
	random_source_t *source;
	devfs_device_t devices[2];
} random_devices_t;

static void free_random(const vfs_host_t *host, const devfs_device_t *device)
{
	host->free(device->context);
}

static ax_err_t add_random(vfs_t *fs, random_source_t *source)
{
	random_devices_t *self = fs->host->allocate(sizeof *self);
	if (!self)
		return AX_ERR_NO_MEMORY;
	self->source = source;
	for (unsigned i = 0; i < 2; i++) {
		self->devices[i] = (devfs_device_t){
			.name = i ? "urandom" : "random", .mode = VFS_CHARACTER_DEVICE | 0666, .number = DEVFS_NUMBER(1, 8 + i),
			.context = self, .read = read_random, .write = write_nothing,
		};
	}
	ax_err_t error = devfs_add_owned(fs, &self->devices[0], free_random);
	if (error != AX_OK) {
		fs->host->free(self);
		return error;
	}
	return devfs_add(fs, &self->devices[1]);
}

ax_err_t devfs_add_standard(vfs_t *fs, random_source_t *random)
{
	static const devfs_device_t devices[] = {
		{ .name = "null", .mode = VFS_CHARACTER_DEVICE | 0666, .number = DEVFS_NUMBER(1, 3), .write = write_nothing },
		{ .name = "zero", .mode = VFS_CHARACTER_DEVICE | 0666, .number = DEVFS_NUMBER(1, 5), .read = read_zeroes,
		  .write = write_nothing },
		{ .name = "full", .mode = VFS_CHARACTER_DEVICE | 0666, .number = DEVFS_NUMBER(1, 7), .read = read_zeroes,
		  .write = write_full },
	};
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		ax_err_t error = devfs_add(fs, &devices[i]);
		if (error != AX_OK)
			return error;
	}
	return random ? add_random(fs, random) : AX_OK;
}
