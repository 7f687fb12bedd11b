/* SPDX-License-Identifier: Apache-2.0 */
/* The root in memory: at most all of it; with the packed files. */
#include "root.h"
#include "unpack.h"

#include <axalloc/axalloc.h>
#include <axfs/axfs.h>
#include <ramfs/ramfs.h>

ax_err_t axfs_make_root(vfs_t **fs)
{
	return ramfs_mount(&axfs_host, axalloc_stats().total_pages, fs);
}

ax_err_t axfs_fill_root(void)
{
	axfs_unpack();
	return AX_OK;
}
