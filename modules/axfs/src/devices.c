/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices of the machine: random numbers, the console, as bytes come (who wants lines and echo puts that above), and disks,
 * past whatever is mounted of them.
 */
#include "devices.h"

#include "mounts.h"

#include <axfs/devices.h>
#include <axfs/features.h>
#include <axhal/boot.h>
#include <axhal/console.h>
#include <axhal/cpu.h>
#include <devfs/devfs.h>
#include <memstr/memstr.h>
#if AXFS_FEATURE_MULTITASK
#include <axtask/axtask.h>
#endif
#if AXFS_FEATURE_DISK
#include <axblock/axblock.h>
#endif

static vfs_t *s_devices;

/* The processor's, or none: nothing is made up. */
static ax_err_t fill_random(void *buffer, size_t bytes)
{
	char *to = buffer;
	while (bytes) {
		uint64_t word;
		if (!axhal_entropy(&word))
			return AX_ERR_IO;
		const size_t count = AX_MIN(bytes, sizeof word);
		memcpy(to, &word, count);
		to += count;
		bytes -= count;
	}
	return AX_OK;
}

static void wait_for_input(void)
{
#if AXFS_FEATURE_MULTITASK
	enum { POLL_NS = 1000000 };
	axtask_sleep(POLL_NS);
#else
	axhal_cpu_relax();
#endif
}

static ax_err_t read_console([[maybe_unused]] const devfs_device_t *self, void *buffer, size_t bytes,
			     [[maybe_unused]] uint64_t offset, size_t *done)
{
	long got;
	while (!(got = axhal_console_read(buffer, bytes)) && bytes)
		wait_for_input();
	*done = got == AXHAL_CONSOLE_END ? 0 : (size_t)got;
	return AX_OK;
}

static ax_err_t write_console([[maybe_unused]] const devfs_device_t *self, const void *data, size_t bytes,
			      [[maybe_unused]] uint64_t offset, size_t *done)
{
	axhal_console_write(data, bytes);
	*done = bytes;
	return AX_OK;
}

static ax_err_t add_disks([[maybe_unused]] vfs_t *fs)
{
	ax_err_t error = AX_OK;
#if AXFS_FEATURE_DISK
	for (size_t i = 0; i < axblock_count() && error == AX_OK; i++)
		error = devfs_add_block(fs, axblock_get(i));
#endif
	return error;
}

ax_err_t axfs_mount_devices(const char *path)
{
	static const devfs_device_t consoles[] = {
		{ .name = "console", .mode = VFS_CHARACTER_DEVICE | 0620, .flags = VFS_STREAM,
		  .number = AXFS_CONSOLE, .read = read_console, .write = write_console },
		{ .name = "tty", .mode = VFS_CHARACTER_DEVICE | 0666, .flags = VFS_STREAM,
		  .number = AXFS_TERMINAL, .read = read_console, .write = write_console },
	};
	uint64_t probe;
	vfs_t *fs;
	ax_err_t error = devfs_mount(&axfs_host, axhal_entropy(&probe) ? fill_random : NULL, &fs);
	if (error != AX_OK)
		return error;
	for (size_t i = 0; i < ARRAY_SIZE(consoles) && error == AX_OK; i++)
		error = devfs_add(fs, &consoles[i]);
	if (error == AX_OK)
		error = devfs_add_link(fs, "shm", "/tmp");
	if (error == AX_OK)
		error = add_disks(fs);
	if (error == AX_OK)
		error = axfs_mount(fs, path);
	if (error == AX_OK)
		s_devices = fs;
	return error;
}

ax_err_t axfs_add_device(const devfs_device_t *device)
{
	return devfs_add(s_devices, device);
}
