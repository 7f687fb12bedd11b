/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: the file system that an application brings as the root. Feature `root_myfs`. Provider: the application. */
#pragma once

#include <axfs_vfs/vfs.h>

#pragma GCC visibility push(default)

/** Make the file system for "/". Called once, before main(); on an error the image does not start. Threads. */
ax_err_t axfs_root_mount(const vfs_host_t *host, vfs_t **fs);

#pragma GCC visibility pop
