/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A read-only file system over a cpio archive (newc) in memory. Names and contents stay in the archive; a node costs
 * some 200 bytes. Of several entries of one name the last counts, as when unpacking. The archive is not trusted: what
 * is malformed ends the mount with an error, and names with "..", over files, or of types that make no sense here are
 * left out. Hard links are packed by cpio as entries of their own, of which all but one are empty; they are files of
 * their own here.
 */
#pragma once

#include <axfs_vfs/vfs.h>

#pragma GCC visibility push(default)

/**
 * @param archive      stays until the unmount; 0 bytes are an empty one
 * @param directories  made in the root beside what is packed, to mount on; static
 * @retval AX_ERR_INVALID_INPUT  malformed
 * @retval AX_ERR_NO_MEMORY
 */
ax_err_t archive_mount(const vfs_host_t *host, const void *archive, size_t bytes, const char *const *directories,
		       size_t directory_count, vfs_t **fs);

VFS_OPERATIONS(archive);

#define ARCHIVE_OPS                                                                                         \
	{                                                                                                   \
		.statfs = archive_statfs, .unmount = archive_unmount, .lookup = archive_lookup,             \
		.read_directory = archive_read_directory, .read = archive_read, .read_link = archive_read_link, \
	}

extern const vfs_ops_t archive_ops;

#pragma GCC visibility pop
