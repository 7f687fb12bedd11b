/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this element share: the volume and its nodes.
 *
 * A node's number is that of its directory entry in the volume; a rename changes it, and a node without a name has one that
 * no entry has. A file's node has FatFs's file object, with its one sector in memory; a directory's has none.
 */
#pragma once

#include "library.h"

#include <axfs_vfs/table.h>
#include <axfs_vfs/vfs.h>
#include <base/base.h>
#include <linked_list/linked_list.h>

enum { ROOT_NUMBER = 1 };

typedef struct fat_volume {
	vfs_t vfs;
	fat_disk_t disk;
	FATFS fs;
	WCHAR lfn[FF_MAX_LFN + 1];
	FILINFO info;                  /* of who walks a directory */
	char name[FAT_NAME_BYTES + 1]; /* terminated, for the library */
	vfs_table_t nodes;
	list_t dirty;                  /* nodes whose entry on the disk is old */
	uint64_t nameless;             /* number of the next node without a name */
	uint32_t nameless_nodes;       /* of those how many are in use: their clusters are not free yet */
	bool was_dirty;
} fat_volume_t;

typedef struct fat_node {
	vfs_node_t node;
	vfs_table_link_t link;
	list_node_t in_dirty;
	fat_entry_t entry;    /* the root has none */
	bool has_entry;
	bool is_dirty;
	uint32_t cluster;     /* a directory's first one; 0: the root */
	FIL file[];           /* one, of a file */
} fat_node_t;

static inline fat_node_t *fat_node_of(vfs_node_t *node)
{
	return container_of(node, fat_node_t, node);
}

static inline fat_volume_t *fat_volume_of(const vfs_node_t *node)
{
	return container_of(node->fs, fat_volume_t, vfs);
}

/* node.c */
ax_err_t node_open(fat_volume_t *volume, const fat_entry_t *entry, vfs_node_t **node);
ax_err_t node_open_root(fat_volume_t *volume, fat_node_t **node);
void node_forget(fat_node_t *self);
void node_set_dirty(fat_node_t *self);
/* The entry as the node is now, into the window. */
ax_err_t node_store(fat_node_t *self);
ax_err_t nodes_store(fat_volume_t *volume);
/* The node is at another entry, or at none. */
void node_move(fat_node_t *self, const fat_entry_t *entry);
void node_take_attributes(fat_node_t *self, uint32_t which);
fat_time_t fat_time(int64_t ns);

/* file.c */
/* The sector in memory goes to the disk. */
ax_err_t fat_file_write_sector(fat_node_t *self);
