/* SPDX-License-Identifier: Apache-2.0 */
/* What is mounted when the image starts. */
#include "mounts.h"
#include "unpack.h"

#include <axalloc/axalloc.h>
#include <axfs/features.h>
#include <axfs/path.h>
#include <panic/panic.h>
#include <ramfs/ramfs.h>

void axfs_init(void)
{
	vfs_t *fs;
	if (ramfs_mount(&axfs_host, axalloc_stats().total_pages, &fs) != AX_OK || axfs_mount_root(fs) != AX_OK)
		PANIC("no memory for the root of the file system");
	axfs_unpack();
}
