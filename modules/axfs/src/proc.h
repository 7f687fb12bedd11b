/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <axerrno/axerrno.h>

/** Mount a procfs with what the image is and does at @p path. */
ax_err_t axfs_mount_proc(const char *path);
