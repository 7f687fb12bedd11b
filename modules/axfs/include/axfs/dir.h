/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories: their entries, one after the other.
 *
 *	AX_SCOPED_DIR dir = {};
 *	ax_dir_entry_t entry;
 *	ax_err_t error = ax_dir_open("/bin", &dir);
 *	while (error == AX_OK && (error = ax_dir_read(&dir, &entry)) == AX_OK)
 *		ax_print("%s\n", entry.name);
 *	(at the end: AX_ERR_NOT_FOUND)
 *
 * Entries may come and go meanwhile: those that were there throughout are seen once. "." and ".." come first. Context,
 * serialization: as axfs/file.h.
 */
#pragma once

#include <axfs/file.h>

#pragma GCC visibility push(default)

typedef struct ax_dir {
	ax_file_t file;  /* its position is a cookie: 0 begins, others come from the entries */
} ax_dir_t;

typedef struct ax_dir_entry {
	uint64_t number;   /* of the inode */
	uint64_t next;     /* cookie of what follows */
	uint32_t type;     /* VFS_REGULAR ...; 0: not known without a look */
	uint32_t name_bytes;
	char name[VFS_NAME_MAX + 1];
} ax_dir_entry_t;

#define AX_SCOPED_DIR AX_CLEANUP(ax_dir_close) ax_dir_t

/** Errors are ax_file_open()'s. */
ax_err_t ax_dir_open(const char *path, ax_dir_t *dir);

void ax_dir_close(ax_dir_t *dir);

/** The next entry. @retval AX_ERR_NOT_FOUND  there is none */
ax_err_t ax_dir_read(ax_dir_t *dir, ax_dir_entry_t *entry);

/** From the start again, or from a cookie. */
static inline void ax_dir_seek(ax_dir_t *dir, uint64_t cookie)
{
	dir->file.position = cookie;
}

/**
 * Many entries at a time, from @p file's position on, which moves behind the last one that @p emit has taken (returned
 * true for). @p file is a directory opened for reading. emit() is called with the directory held: it must not sleep,
 * nor use files. At the end it is not called.
 * @retval AX_ERR_NOT_A_DIRECTORY
 */
ax_err_t ax_dir_walk(ax_file_t *file, vfs_emit_t *emit, void *context);

#pragma GCC visibility pop
