/* SPDX-License-Identifier: Apache-2.0 */
/* What extent.c (reading, cutting) and extent_insert.c (growing) share. */
#pragma once

#include "volume.h"

enum { EXTENT_ROOT_ENTRIES = 4 };

/* A node of a path, and which of its entries leads on. The root has no buffer. */
typedef struct extent_level {
	buffer_t *buffer;
	extent_header_t *header;
	uint32_t position;
	bool is_before; /* what is sought begins before the first entry */
} extent_level_t;

/* level[depth] is the leaf. */
typedef struct extent_path {
	extent_level_t level[EXTENT_DEPTH_MAX + 1];
	uint32_t depth;
} extent_path_t;

ax_err_t extent_path_find(extfs_inode_t *inode, uint32_t logical, extent_path_t *path);
void extent_path_put(extent_path_t *path);
void extent_level_change(extent_level_t *level);

extent_header_t *extent_root(extfs_inode_t *inode);
extent_t *extents_of(extent_header_t *header);
extent_index_t *indices_of(extent_header_t *header);
uint64_t extent_start(const extent_t *extent);
uint32_t extent_length(const extent_t *extent);
bool extent_is_unwritten(const extent_t *extent);
