/* SPDX-License-Identifier: Apache-2.0 */
/* The root is the application's. */
#include "root.h"

#include <axfs/axfs.h>
#include <axfs/root.h>

ax_err_t axfs_make_root(vfs_t **fs)
{
	return axfs_root_mount(&axfs_host, fs);
}

ax_err_t axfs_fill_root(void)
{
	return AX_OK;
}
