/* SPDX-License-Identifier: Apache-2.0 */
/* What a file's flags say beyond those that its user gave. */
#pragma once

#include <axfs/file.h>

enum {
	AXFS_CAN_READ = 0x1000,   /* contents: no directory, and opened for it */
	AXFS_CAN_WRITE = 0x2000,
	AXFS_IS_DEVICE = 0x4000,  /* orders its reads and writes itself */
};
