/* SPDX-License-Identifier: Apache-2.0 */
/* Files at /proc. Feature `procfs`. */
#pragma once

#include <procfs/procfs.h>

#pragma GCC visibility push(default)

/** Add a file to /proc: at boot, before other threads use it. Errors are procfs_add()'s. */
ax_err_t axfs_add_proc(const char *name, procfs_print_t *print, void *context);

#pragma GCC visibility pop
