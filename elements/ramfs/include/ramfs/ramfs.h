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

ax_err_t ramfs_statfs(vfs_t *fs, vfs_statfs_t *stat);
ax_err_t ramfs_unmount(vfs_t *fs);
void ramfs_release(vfs_node_t *node);
ax_err_t ramfs_lookup(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t **node);
ax_err_t ramfs_create(vfs_node_t *directory, const char *name, size_t name_bytes, const vfs_new_t *what,
		      vfs_node_t **node);
ax_err_t ramfs_link(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node);
ax_err_t ramfs_unlink(vfs_node_t *directory, const char *name, size_t name_bytes, vfs_node_t *node);
ax_err_t ramfs_rename(vfs_node_t *from, const char *from_name, size_t from_bytes, vfs_node_t *node, vfs_node_t *to,
		      const char *to_name, size_t to_bytes, vfs_node_t *replaced);
ax_err_t ramfs_read_directory(vfs_node_t *directory, uint64_t cookie, vfs_emit_t *emit, void *context);
ax_err_t ramfs_read(vfs_node_t *node, void *buffer, size_t bytes, uint64_t offset, size_t *done);
ax_err_t ramfs_write(vfs_node_t *node, const void *data, size_t bytes, uint64_t offset, size_t *done);
ax_err_t ramfs_truncate(vfs_node_t *node, uint64_t size);
ax_err_t ramfs_read_link(vfs_node_t *node, char *buffer, size_t capacity, size_t *bytes);
ax_err_t ramfs_map_page(vfs_node_t *node, uint64_t offset, bool writable, void **page);
void ramfs_unmap_page(vfs_node_t *node, uint64_t offset);
ax_err_t ramfs_seek_data(vfs_node_t *node, uint64_t offset, bool hole, uint64_t *found);
ax_err_t ramfs_load_attributes(vfs_node_t *node);

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
