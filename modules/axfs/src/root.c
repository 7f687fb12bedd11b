/* SPDX-License-Identifier: Apache-2.0 */
/* What is mounted when the image starts: the root, and in it, each with its feature, /dev; and /tmp, a directory for all. */
#include "devices.h"
#include "mounts.h"
#include "unpack.h"

#include <axalloc/axalloc.h>
#include <axfs/features.h>
#include <axfs/path.h>
#include <panic/panic.h>
#include <ramfs/ramfs.h>

static ax_err_t mount_root(void)
{
	vfs_t *fs;
	ax_err_t error = ramfs_mount(&axfs_host, axalloc_stats().total_pages, &fs);
	return error == AX_OK ? axfs_mount_root(fs) : error;
}

/* What is there already, of the packed files, stays. */
static ax_err_t make_directory(const char *path, uint32_t mode)
{
	ax_err_t error = ax_path_make_directory_at(NULL, path, mode);
	if (error == AX_ERR_ALREADY_EXISTS)
		return AX_OK;
	return error == AX_OK ? ax_path_set_mode_at(NULL, path, 0, mode) : error;
}

static ax_err_t mount_all(void)
{
	ax_err_t error = mount_root();
	if (error != AX_OK)
		return error;
	axfs_unpack();
	error = make_directory("/tmp", 01777);
#if AXFS_FEATURE_DEVFS
	if (error == AX_OK)
		error = make_directory("/dev", 0755);
	if (error == AX_OK)
		error = axfs_mount_devices("/dev");
#endif
	return error;
}

void axfs_init(void)
{
	ax_err_t error = mount_all();
	if (error != AX_OK)
		PANIC("no files: %s", ax_err_text(error));
}
