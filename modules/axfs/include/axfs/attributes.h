/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is, as users see it. */
#pragma once

#include <stdint.h>

/** Of a file, directory, symbolic link or device. Times are nanoseconds since 1970-01-01 UTC. */
typedef struct ax_file_attributes {
	uint64_t file_system;   /* a number for each mounted one (st_dev) */
	uint64_t number;        /* of the inode, unique in it */
	uint64_t device;        /* of a device: which */
	uint64_t size;          /* bytes */
	uint64_t blocks;        /* of 512 bytes, taken up */
	uint32_t block_bytes;   /* the size that suits it for I/O */
	uint32_t mode;          /* VFS_REGULAR ..., and permissions */
	uint32_t links;
	uint32_t uid, gid;
	int64_t accessed_ns, modified_ns, changed_ns, created_ns;
} ax_stat_t;

/** For times that are set: leave it as it is, and the time of the call. */
#define AX_TIME_KEEP INT64_MIN
#define AX_TIME_NOW  (INT64_MIN + 1)

/** For an owner or group: leave it as it is. */
#define AX_OWNER_KEEP UINT32_MAX
