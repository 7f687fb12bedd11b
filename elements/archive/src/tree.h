/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes: found by directory and name in one hash table of the file system; listed along each directory's chain. */
#pragma once

#include <archive/archive.h>

typedef struct archive_node {
	vfs_node_t node;
	struct archive_node *parent;
	struct archive_node *first, **end; /* of a directory: its entries, in the archive's order */
	struct archive_node *next;         /* in its directory */
	struct archive_node *chain;        /* in the hash table */
	const char *name;
	size_t name_bytes;
	const char *data;
} archive_node_t;

enum { ARCHIVE_CHAINS = 256 };

typedef struct archive {
	vfs_t fs;
	archive_node_t root;
	archive_node_t *chains[ARCHIVE_CHAINS];
	uint64_t last_number, bytes;
} archive_t;

void archive_init_node(archive_t *self, archive_node_t *node, archive_node_t *parent, uint32_t mode);

archive_node_t *archive_find(archive_t *self, const archive_node_t *directory, const char *name, size_t bytes);

/** Add a node of this name to @p directory, which has none. @retval AX_ERR_NO_MEMORY */
ax_err_t archive_add(archive_t *self, archive_node_t *directory, const char *name, size_t bytes, uint32_t mode,
		     archive_node_t **added);

/** Put the archive's entries into the tree. Errors are archive_mount()'s. */
ax_err_t archive_build(archive_t *self, const void *archive, size_t bytes);

void archive_free(archive_t *self);
