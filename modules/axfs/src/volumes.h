/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes at the start of the image. */
#pragma once

/** Mount what is known on each block device, at "/" and the device's name. Failures are told in the log. */
void axfs_mount_volumes(void);
