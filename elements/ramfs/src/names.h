/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entries of a directory: found by name through a hash table with chains, listed in the order of their making
 * through an array sorted by cookie. A cookie is a number that is never given again in this directory. Removed
 * entries leave gaps in the array, which is packed when half of it is gaps. The directory is held.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <axfs_vfs/host.h>
#include <stdbool.h>

struct ramfs_node;

typedef struct ramfs_name {
	struct ramfs_name *chain;
	struct ramfs_node *node;
	uint64_t cookie;
	uint32_t hash;
	uint32_t bytes;
	char text[];
} ramfs_name_t;

typedef struct ramfs_order {
	uint64_t cookie;
	ramfs_name_t *name; /* NULL: removed */
} ramfs_order_t;

typedef struct ramfs_names {
	ramfs_name_t **chains;
	ramfs_order_t *order;
	uint64_t last_cookie;
	uint32_t chain_count;     /* a power of two; 0 at first */
	uint32_t count;           /* entries */
	uint32_t used, capacity;  /* of order */
} ramfs_names_t;

/** The entry of this name, or NULL. */
ramfs_name_t *ramfs_names_find(const ramfs_names_t *self, const char *text, size_t bytes);

/** Add an entry, whose name is not there. @retval AX_ERR_NO_SPACE  nothing has changed */
ax_err_t ramfs_names_add(ramfs_names_t *self, const vfs_host_t *host, const char *text, size_t bytes,
			 struct ramfs_node *node);

/** Take @p name out and free it. */
void ramfs_names_remove(ramfs_names_t *self, const vfs_host_t *host, ramfs_name_t *name);

/** The first entry whose cookie is greater than @p cookie, or NULL. */
ramfs_name_t *ramfs_names_after(const ramfs_names_t *self, uint64_t cookie);

/** Free what the table holds, which is empty. */
void ramfs_names_free(ramfs_names_t *self, const vfs_host_t *host);
