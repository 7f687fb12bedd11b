/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes on block devices: each feature `ext`, `fat` is a kind that a device is tried as. */
#include "volumes.h"

#include "dispatch.h"

#include <axblock/axblock.h>
#include <axfs/axfs.h>
#include <axfs/features.h>
#include <axfs/path.h>
#include <axfs/volumes.h>
#include <axlog/axlog.h>
#include <format/format.h>
#if AXFS_FEATURE_EXT
#include <extfs/extfs.h>
#endif
#if AXFS_FEATURE_FAT
#include <fatfs/fatfs.h>
#endif

#if AXFS_FEATURE_EXT
static ax_err_t open_ext(block_device_t *device, bool read_only, vfs_t **fs)
{
	extfs_trouble_t trouble = {};
	ax_err_t error =
		extfs_mount(device, &axfs_host, read_only ? EXTFS_READ_ONLY : 0, device->name, &trouble, fs);
	if (error != AX_ERR_INVALID_INPUT && trouble.what)
		ax_warn("%s: ext: %s %lu", device->name, trouble.what, (unsigned long)trouble.where);
	return error;
}
#endif

#if AXFS_FEATURE_FAT
static ax_err_t open_fat(block_device_t *device, bool read_only, vfs_t **fs)
{
	bool was_dirty = false;
	ax_err_t error =
		fatfs_mount(device, &axfs_host, read_only ? FATFS_READ_ONLY : 0, device->name, &was_dirty, fs);
	if (was_dirty)
		ax_warn("%s: fat: it was not unmounted, and should be checked", device->name);
	return error;
}
#endif

ax_err_t axfs_open_volume(block_device_t *device, bool read_only, vfs_t **fs)
{
	ax_err_t error = AX_ERR_INVALID_INPUT;
#if AXFS_FEATURE_EXT
	error = open_ext(device, read_only, fs);
#endif
#if AXFS_FEATURE_FAT
	if (error == AX_ERR_INVALID_INPUT)
		error = open_fat(device, read_only, fs);
#endif
	return error;
}

/* At /vda and so on. */
static ax_err_t mount(block_device_t *device)
{
	char path[32];
	vfs_t *fs = NULL;
	format_snprintf(path, sizeof path, "/%s", device->name);
	ax_err_t error = axfs_open_volume(device, false, &fs);
	if (error != AX_OK)
		return error;
	error = ax_path_make_directory_at(NULL, path, 0755);
	if (error == AX_OK || error == AX_ERR_ALREADY_EXISTS)
		error = axfs_mount(fs, path);
	if (error != AX_OK) {
		ax_err_t ended = AXFS_FS_OPS(fs)->unmount(fs);
		(void)ended;
	}
	return error;
}

void axfs_mount_volumes(void)
{
	for (size_t i = 0; i < axblock_count(); i++) {
		block_device_t *device = axblock_get(i);
		ax_err_t error = mount(device);
		if (error == AX_ERR_INVALID_INPUT)
			ax_info("%s: no volume that is known here", device->name);
		else if (error != AX_OK)
			ax_warn("%s: cannot be mounted: %s", device->name, ax_err_text(error));
	}
}

ax_err_t axfs_unmount_volumes(void)
{
	ax_err_t result = AX_OK;
	for (size_t i = axblock_count(); i-- > 0;) {
		char path[32];
		format_snprintf(path, sizeof path, "/%s", axblock_get(i)->name);
		ax_err_t error = axfs_unmount(path);
		if (error != AX_OK && error != AX_ERR_INVALID_INPUT && error != AX_ERR_NOT_FOUND && error != AX_ERR_BUSY)
			result = error;
	}
	return result;
}
