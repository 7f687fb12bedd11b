/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file system in memory. Directories are hash tables that keep the order of creation too; files are pages, found
 * through a table that grows from 4 entries to a tree of 512 each (as page tables are), so that a small file costs
 * its pages and 32 bytes, and a sparse one of any size what is in it. Pages that lie one behind the other in memory
 * are copied as one. It never moves a page: map_page() is the file itself.
 *
 * Nothing sleeps. Its space is the host's memory: AX_ERR_NO_SPACE when that (or the limit) is used up, and what was
 * there stays. Space and inode numbers have a lock of their own; the rest is as axfs_vfs/vfs.h says.
 *
 * RAMFS_OPS is the initializer of ramfs_ops: who has no other file system calls through a constant table of its
 * own, that is, directly.
 */
#pragma once

#include <axfs_vfs/vfs.h>

#pragma GCC visibility push(default)

/**
 * Make an empty file system. The root belongs to user 0 and has the permissions 0755.
 * @param host       static
 * @param max_pages  of files' contents; 0: no limit but memory's
 * @param fs         ended by its operation `unmount`, with all that is in it
 * @retval AX_ERR_NO_MEMORY
 */
ax_err_t ramfs_mount(const vfs_host_t *host, uint64_t max_pages, vfs_t **fs);

/**
 * Give an empty file the contents @p data, which are not copied before the file is changed, and so must stay. Node
 * held.
 */
void ramfs_lend(vfs_node_t *node, const void *data, size_t bytes);

VFS_OPERATIONS(ramfs);

#define RAMFS_OPS                                                                                          \
	{                                                                                                  \
		.statfs = ramfs_statfs, .unmount = ramfs_unmount, .release = ramfs_release,                \
		.load_attributes = ramfs_load_attributes, .lookup = ramfs_lookup,                          \
		.create = ramfs_create, .link = ramfs_link, .unlink = ramfs_unlink,                        \
		.rename = ramfs_rename, .read_directory = ramfs_read_directory, .read = ramfs_read,        \
		.write = ramfs_write, .truncate = ramfs_truncate, .read_link = ramfs_read_link,            \
		.map_page = ramfs_map_page, .unmap_page = ramfs_unmap_page,                                \
		.seek_data = ramfs_seek_data,                                                              \
	}

extern const vfs_ops_t ramfs_ops;

#pragma GCC visibility pop
