/* SPDX-License-Identifier: Apache-2.0 */
/* The root is the archive of packed files, read-only, with directories to mount on. */
#include "root.h"

#include <archive/archive.h>
#include <axfs/axfs.h>
#include <axhal/boot.h>
#include <base/base.h>

ax_err_t axfs_make_root(vfs_t **fs)
{
	static const char *const directories[] = { "dev", "proc", "tmp", "mnt" };
	size_t bytes;
	const void *packed = axhal_boot_rootfs(&bytes);
	return archive_mount(&axfs_host, packed, bytes, directories, ARRAY_SIZE(directories), fs);
}

ax_err_t axfs_fill_root(void)
{
	return AX_OK;
}
