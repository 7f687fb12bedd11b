/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes on block devices, mounted beside the root. A disk that is the root is the first one. */
#include "volumes.h"

#include "dispatch.h"

#include <axblock/axblock.h>
#include <axfs/axfs.h>
#include <axfs/features.h>
#include <axfs/path.h>
#include <axfs/volumes.h>
#include <axlog/axlog.h>
#include <format/format.h>

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
	for (size_t i = AXFS_ROOT_IS_DISK; i < axblock_count(); i++) {
		block_device_t *device = axblock_get(i);
		ax_err_t error = mount(device);
		if (error == AX_ERR_INVALID_INPUT)
			ax_info("%s: no volume that is known here", device->name);
		else if (error != AX_OK)
			ax_warn("%s: cannot be mounted: %s", device->name, ax_err_text(error));
	}
}
