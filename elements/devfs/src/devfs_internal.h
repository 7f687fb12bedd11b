/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <devfs/devfs.h>

/** Add null, zero, full, random. */
ax_err_t devfs_add_standard(vfs_t *fs, ax_err_t (*random)(void *buffer, size_t bytes));

/** Frees what the device's maker has allocated for it, at unmount; NULL: nothing. */
typedef void devfs_free_t(const vfs_host_t *host, const devfs_device_t *device);

ax_err_t devfs_add_owned(vfs_t *fs, const devfs_device_t *device, devfs_free_t *free);
