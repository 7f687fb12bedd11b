/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of the tree: what is made under a name. */
#pragma once

#include "names.h"

/** Another thread has changed what was found: find it again. Never leaves axfs. */
#define AXFS_AGAIN AX_ERR_BAD_STATE

/** What to make; the user becomes its owner. */
typedef struct axfs_new {
	uint32_t mode; /* type and permissions, before the mask */
	uint64_t device;
	const char *target;
	size_t target_bytes;
} axfs_new_t;

/**
 * Make it under @p name, which leads to no node and then leads to this one.
 * @retval AX_ERR_ALREADY_EXISTS  it leads to one by now
 * @retval AXFS_AGAIN
 */
ax_err_t axfs_make(axfs_name_t *name, const axfs_new_t *what);
