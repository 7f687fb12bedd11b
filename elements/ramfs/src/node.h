/* SPDX-License-Identifier: Apache-2.0 */
/* A node in memory, and the file system that it is in. While a node has links it holds a reference to itself. */
#pragma once

#include "names.h"
#include "pages.h"

#include <base/base.h>
#include <ramfs/ramfs.h>
#include <spinlock/spinlock.h>

typedef struct ramfs {
	vfs_t fs;
	uint64_t max_pages;    /* 0: no limit */
	spinlock_t lock;       /* protects what follows; held for a few instructions, nothing is taken inside */
	uint64_t used_pages;
	uint64_t nodes;
	uint64_t last_number;
} ramfs_t;

typedef struct ramfs_node {
	vfs_node_t node;
	union {
		struct {
			ramfs_pages_t pages;
			const char *lent;  /* not NULL: the contents, of lent_bytes, and there are no pages */
			size_t lent_bytes;
		};
		struct {
			ramfs_names_t names;
			struct ramfs_node *parent; /* of a directory */
		};
		char *target; /* of a symbolic link */
	};
} ramfs_node_t;

static inline ramfs_node_t *ramfs_node_of(vfs_node_t *node)
{
	return container_of(node, ramfs_node_t, node);
}

static inline ramfs_t *ramfs_of(const vfs_node_t *node)
{
	return container_of(node->fs, ramfs_t, fs);
}

/** A new node with no links and one reference. @retval AX_ERR_NO_SPACE */
ax_err_t ramfs_node_new(ramfs_t *self, const vfs_new_t *what, ramfs_node_t **node);

/** Free a node and what it holds. */
void ramfs_node_free(ramfs_node_t *self);

/** One more name. */
void ramfs_node_add_link(ramfs_node_t *self);

/** One name less: with the last one goes the node's own reference. The caller has another. */
void ramfs_node_remove_link(ramfs_node_t *self);

/** Make the contents lent the node's own pages. @retval AX_ERR_NO_SPACE */
ax_err_t ramfs_node_own(ramfs_node_t *self);
