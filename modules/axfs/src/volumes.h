/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes at the start and the end of the image. */
#pragma once

#include <axerrno/axerrno.h>

/** Mount what is known on each block device, at "/" and the device's name. Failures are told in the log. */
void axfs_mount_volumes(void);

/** End those of them in which no file is open. Afterwards the disks say that nobody uses them. */
ax_err_t axfs_unmount_volumes(void);
