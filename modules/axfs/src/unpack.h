/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/** Put the files of --rootfs into the root, a ramfs. What is wrong with them the log says. */
void axfs_unpack(void);
