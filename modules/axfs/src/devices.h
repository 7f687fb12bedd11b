/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <axerrno/axerrno.h>

/** Mount a devfs with the machine's random numbers and console at @p path. */
ax_err_t axfs_mount_devices(const char *path);
