/* SPDX-License-Identifier: Apache-2.0 */
/* Devices at /dev. Feature `devfs`. */
#pragma once

#include <devfs/devfs.h>

#pragma GCC visibility push(default)

/** Numbers of the console's devices, /dev/console and /dev/tty, which both are the machine's: as Linux's. */
#define AXFS_CONSOLE  DEVFS_NUMBER(5, 1)
#define AXFS_TERMINAL DEVFS_NUMBER(5, 0)

/** Add a device to /dev: at boot, before other threads use it. Errors are devfs_add()'s. */
ax_err_t axfs_add_device(const devfs_device_t *device);

#pragma GCC visibility pop
