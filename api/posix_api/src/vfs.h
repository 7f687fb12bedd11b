/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about axfs's files share: an open file as axfs has it, a place in the tree, and how errors come out. */
#pragma once

#include "descriptor.h"

#include <axerrno/axerrno.h>
#include <axfs/path.h>

/** 0 or a negated errno. */
static inline long posix_result(ax_err_t error)
{
	return -(long)ax_err_to_errno(error);
}

/** Where a relative path begins. */
typedef struct posix_place {
	posix_file_t *file;         /* a reference, or NULL */
	const ax_file_t *directory; /* NULL: the current directory */
	long error;                 /* 0, or what the call is to return */
} posix_place_t;

/** Of a descriptor that an *at() call is given: what it is does not matter if @p path is absolute. */
static inline posix_place_t posix_place_begin(int fd, const char *path)
{
	if (!path)
		return (posix_place_t){ .error = -AX_ERR_BAD_ADDRESS };
	if (fd == AX_AT_FDCWD || path[0] == '/')
		return (posix_place_t){};
	posix_file_t *file = posix_file_get(fd);
	if (!file)
		return (posix_place_t){ .error = -AX_ERR_BAD_HANDLE };
	if (!posix_is_vfs(file))
		return (posix_place_t){ .file = file, .error = -AX_ERR_NOT_A_DIRECTORY };
	return (posix_place_t){ .file = file, .directory = &file->file };
}

static inline void posix_place_end(const posix_place_t *place)
{
	if (place->file)
		posix_file_put(place->file);
}

/** `POSIX_PLACE(place, fd, path);` given back when the scope is left. */
#define POSIX_PLACE(name, fd, path)                                                                \
	AX_CLEANUP(posix_place_end) const posix_place_t name = posix_place_begin(fd, path)

/** AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH as axfs has them. */
static inline uint32_t posix_path_flags(int flags)
{
	return (flags & AX_AT_SYMLINK_NOFOLLOW ? AX_PATH_NO_FOLLOW : 0) |
	       (flags & AX_AT_EMPTY_PATH ? AX_PATH_EMPTY : 0);
}

/** The whole of stat(2) out of what axfs tells. */
struct ax_stat posix_stat_of(const ax_stat_t *from);

/** fcntl()'s record locks and flock() (vfs_locks.c); the file's last reference gives up what it holds. */
long posix_lock_records(posix_file_t *file, int command, struct ax_flock *lock);
void posix_unlock_all(posix_file_t *file);

/*
 * Shared mappings of files (mapping.c). What was written to memory is in the file before it is read, and what was written
 * to the file is in memory.
 */
extern unsigned posix_shared_mappings; /* how many there are; no lock */
void posix_mappings_before_read(const posix_file_t *file);
/** A file may have another size. */
void posix_mappings_resized(void);
/** @p bytes at @p offset of the file are new. */
void posix_mappings_after_write(const posix_file_t *file, uint64_t offset, size_t bytes);
