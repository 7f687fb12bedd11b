/* SPDX-License-Identifier: Apache-2.0 */
/* What is on a block device: each kind of volume that the image has is tried. */
#include <axfs/axfs.h>
#include <axfs/features.h>
#include <axfs/volumes.h>
#include <axlog/axlog.h>

#define HAS_EXT (AXFS_FEATURE_EXT || AXFS_FEATURE_ROOT_EXT)
#define HAS_FAT (AXFS_FEATURE_FAT || AXFS_FEATURE_ROOT_FAT)
#if HAS_EXT
#include <extfs/extfs.h>
#endif
#if HAS_FAT
#include <fatfs/fatfs.h>
#endif

#if HAS_EXT
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

#if HAS_FAT
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
#if HAS_EXT
	error = open_ext(device, read_only, fs);
#endif
#if HAS_FAT
	if (error == AX_ERR_INVALID_INPUT)
		error = open_fat(device, read_only, fs);
#endif
	return error;
}
