/* SPDX-License-Identifier: Apache-2.0 */
/* What the choice `root` provides, each in its root_<choice>.c. */
#pragma once

#include <axfs_vfs/vfs.h>

/** Make the file system that is mounted at "/". */
ax_err_t axfs_make_root(vfs_t **fs);

/** What is to be put in once it is mounted. */
ax_err_t axfs_fill_root(void);
