/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders of the host: each 9P device's mount tag is the path of the directory that its tree is mounted on, as
 * `./ax run --volume host:/guest` says it. Missing directories are made.
 */
#pragma once

#pragma GCC visibility push(default)

/** Mount them; what cannot be is logged. By axruntime, after axfs_init(). */
void axvolume_init(void);

#pragma GCC visibility pop
