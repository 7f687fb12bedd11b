/* SPDX-License-Identifier: Apache-2.0 */
/* The root is the volume on the first block device. */
#include "root.h"

#include <axblock/axblock.h>
#include <axfs/volumes.h>
#include <axhal/boot.h>
#include <axlog/axlog.h>
#include <cpio/cpio.h>

ax_err_t axfs_make_root(vfs_t **fs)
{
	block_device_t *device = axblock_get(0);
	if (!device) {
		ax_error("the root: no block device");
		return AX_ERR_NO_DEVICE;
	}
	ax_err_t error = axfs_open_volume(device, false, fs);
	if (error == AX_ERR_INVALID_INPUT)
		ax_error("%s: no volume that can be the root", device->name);
	return error;
}

/* The disk has its files. */
ax_err_t axfs_fill_root(void)
{
	size_t bytes;
	cpio_entry_t entry;
	const void *archive = axhal_boot_rootfs(&bytes);
	cpio_reader_t reader = cpio_open(archive, bytes);
	if (cpio_next(&reader, &entry) == AX_OK)
		ax_warn("the packed files are not used: the root is a disk");
	return AX_OK;
}
