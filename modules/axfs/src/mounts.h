/* SPDX-License-Identifier: Apache-2.0 */
/* What is mounted where, and where looking up begins. */
#pragma once

#include "names.h"

#include <axfs/axfs.h>

struct axfs_mount {
	vfs_t *fs;
	axfs_name_t *root;     /* a reference */
	axfs_name_t *point;    /* the name that it covers, with a reference; NULL: it is "/" */
	uint64_t number;
	axfs_mount_t *next;
};

extern axfs_name_t *axfs_root;      /* of "/". Set once */
extern axfs_name_t *axfs_current;   /* the current directory, with a reference. axfs_names_lock */
extern axfs_user_t axfs_who;        /* of one word each: read as they are */

/** The mount that @p fs is in. */
const axfs_mount_t *axfs_mount_of(const vfs_t *fs);

/** Mount @p fs as the root: once. @retval AX_ERR_NO_MEMORY */
ax_err_t axfs_mount_root(vfs_t *fs);

/** End all: what was written is durable, the disks say that nobody uses them. Nothing can be changed any more. */
ax_err_t axfs_finish_all(void);
