/* SPDX-License-Identifier: Apache-2.0 */
/* What is mounted when the image starts: the root, /tmp, and, each with its feature, /dev and /proc. */
#include "root.h"

#include "devices.h"
#include "mounts.h"
#include "proc.h"
#include "volumes.h"

#include <axfs/features.h>
#include <axfs/path.h>
#include <panic/panic.h>

/* What is there already, of the packed files, stays. */
static ax_err_t make_directory(const char *path, uint32_t mode)
{
	ax_err_t error = ax_path_make_directory_at(NULL, path, mode);
	if (error == AX_ERR_ALREADY_EXISTS || error == AX_ERR_READ_ONLY)
		return AX_OK;
	return error == AX_OK ? ax_path_set_mode_at(NULL, path, 0, mode) : error;
}

static ax_err_t mount_all(void)
{
	vfs_t *fs;
	ax_err_t error = axfs_make_root(&fs);
	if (error == AX_OK)
		error = axfs_mount_root(fs);
	if (error == AX_OK)
		error = axfs_fill_root();
	if (error == AX_OK)
		error = make_directory("/tmp", 01777);
#if AXFS_FEATURE_DEVFS
	if (error == AX_OK)
		error = make_directory("/dev", 0755);
	if (error == AX_OK)
		error = axfs_mount_devices("/dev");
#endif
#if AXFS_FEATURE_PROCFS
	if (error == AX_OK)
		error = make_directory("/proc", 0555);
	if (error == AX_OK)
		error = axfs_mount_proc("/proc");
#endif
	return error;
}

void axfs_init(void)
{
	ax_err_t error = mount_all();
	if (error != AX_OK)
		PANIC("no files: %s", ax_err_text(error));
#if AXFS_FEATURE_VOLUMES
	axfs_mount_volumes();
#endif
}

ax_err_t axfs_end(void)
{
	ax_err_t error = axfs_sync();
	ax_err_t finished = axfs_finish_all();
	return error != AX_OK ? error : finished;
}
