/* SPDX-License-Identifier: Apache-2.0 */
/* The table of operations, and the end of a volume. */
#pragma once

#include "volume.h"

extern const vfs_ops_t extfs_ops;

/** Commit, say on the disk that it is clean, and free the volume. */
ax_err_t volume_unmount(extfs_t *self);
