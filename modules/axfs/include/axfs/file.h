/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open files. An ax_file_t lies in its user's frame or structure: opening allocates nothing, and from the file to its
 * node there is no table.
 *
 *	AX_SCOPED_FILE file = {};
 *	ax_err_t error = ax_file_open("/etc/motd", AX_OPEN_READ, &file);
 *	if (error == AX_OK)
 *		error = ax_file_read(&file, buffer, sizeof buffer, &count);
 *	(closed here, on every path out)
 *
 * Zero bytes are a closed file: closing it does nothing, everything else says AX_ERR_BAD_HANDLE. An open one may be
 * moved in memory; ax_file_copy() makes a second one with a position of its own.
 *
 * Context: threads; any of these may sleep if the file system does. Serialization: several threads may use one
 * ax_file_t at the same time for all but what moves its position (ax_file_read(), ax_file_write(), ax_file_seek(),
 * ax_file_close()), which are its user's to order. Reads, writes and truncations of one file by any number of
 * ax_file_t happen one after the other, each as a whole (POSIX, XSH 2.9.7), except on devices.
 *
 * Errors of the file system (vfs_ops_t) come through as they are.
 */
#pragma once

#include <axfs/attributes.h>
#include <axfs_vfs/vfs.h>

#pragma GCC visibility push(default)

/** How to open. Without AX_OPEN_READ and AX_OPEN_WRITE: for looking at it and as a directory to start from. */
enum {
	AX_OPEN_READ = 0x1,
	AX_OPEN_WRITE = 0x2,
	AX_OPEN_READ_WRITE = 0x3,
	AX_OPEN_CREATE = 0x4,       /* make a regular file if there is none */
	AX_OPEN_EXCLUSIVE = 0x8,    /* with CREATE: fail if there is one, symbolic links included */
	AX_OPEN_TRUNCATE = 0x10,    /* with WRITE: to 0 bytes */
	AX_OPEN_APPEND = 0x20,      /* each write goes to the end of the file */
	AX_OPEN_DIRECTORY = 0x40,   /* fail if it is no directory */
	AX_OPEN_NO_FOLLOW = 0x80,   /* do not follow a symbolic link that is the path's last component */
	AX_OPEN_SYNC = 0x100,       /* writes are durable when they return, attributes too */
	AX_OPEN_DATA_SYNC = 0x200,  /* likewise; attributes as far as reading needs them */
	AX_OPEN_NO_ACCESS_TIME = 0x400,
	AX_OPEN_PATH = 0x800,       /* neither data nor permissions: a place in the tree, be it a symbolic link */
	AX_OPEN_FLAGS = 0xfff,
};

struct axfs_name;

typedef struct ax_file {
	vfs_node_t *node;       /* NULL: closed */
	struct axfs_name *name; /* holds the references */
	uint64_t position;
	uint32_t flags;         /* as opened, of AX_OPEN_FLAGS; axfs keeps bits of its own above */
} ax_file_t;

/** A file that is closed when its scope is left: `AX_SCOPED_FILE file = {};` */
#define AX_SCOPED_FILE AX_CLEANUP(ax_file_close) ax_file_t

/**
 * Open the file at @p path. Relative paths begin at the current directory.
 * @param directory  where a relative path begins; NULL: the current directory
 * @param mode  permissions of a file that is made, less the user's mask (axfs_user_t)
 * @param file  closed before; open on AX_OK, else untouched
 * @retval AX_ERR_NOT_FOUND          a component is missing, or the path is empty
 * @retval AX_ERR_NOT_A_DIRECTORY    a component that is not the last one, or what AX_OPEN_DIRECTORY asks for
 * @retval AX_ERR_IS_A_DIRECTORY     a directory cannot be written
 * @retval AX_ERR_ALREADY_EXISTS     AX_OPEN_EXCLUSIVE
 * @retval AX_ERR_ACCESS_DENIED      permissions
 * @retval AX_ERR_READ_ONLY          to be written, in a file system that cannot
 * @retval AX_ERR_TOO_MANY_SYMLINKS  40 of them, or one that AX_OPEN_NO_FOLLOW forbids
 * @retval AX_ERR_NAME_TOO_LONG      a component of more than 255 bytes, or a path of more than 4,095
 * @retval AX_ERR_INVALID_INPUT      flags
 */
ax_err_t ax_file_open_at(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t mode, ax_file_t *file);

/** The same from the current directory; a file that is made is readable and writable, less the mask. */
ax_err_t ax_file_open(const char *path, uint32_t flags, ax_file_t *file);

/** Close; a closed one stays closed. What was written is as durable as before: ax_file_sync() makes sure. */
void ax_file_close(ax_file_t *file);

/** @p copy, closed before, becomes a second open file at the same position. */
void ax_file_copy(const ax_file_t *file, ax_file_t *copy);

/**
 * Read up to @p bytes from the position on, which moves; @p done: how many, 0 at the end of the file.
 * @retval AX_ERR_BAD_HANDLE      not open for reading
 * @retval AX_ERR_IS_A_DIRECTORY  see ax_dir_read()
 */
ax_err_t ax_file_read(ax_file_t *file, void *buffer, size_t bytes, size_t *done);

/** Write up to @p bytes at the position (AX_OPEN_APPEND: at the end), which moves behind them; @p done: how many. */
ax_err_t ax_file_write(ax_file_t *file, const void *data, size_t bytes, size_t *done);

/** Read at @p offset; the position stays. */
ax_err_t ax_file_read_at(const ax_file_t *file, void *buffer, size_t bytes, uint64_t offset, size_t *done);

/** Write at @p offset, even with AX_OPEN_APPEND; the position stays. */
ax_err_t ax_file_write_at(const ax_file_t *file, const void *data, size_t bytes, uint64_t offset, size_t *done);

/** Pieces of memory for one read or write. */
typedef struct ax_piece {
	void *start;
	size_t bytes;
} ax_piece_t;

/** As ax_file_read() and ax_file_write(), into or from several pieces, as one operation. */
ax_err_t ax_file_read_pieces(ax_file_t *file, const ax_piece_t *pieces, size_t count, size_t *done);
ax_err_t ax_file_write_pieces(ax_file_t *file, const ax_piece_t *pieces, size_t count, size_t *done);

/** As ax_file_read_at() and ax_file_write_at(). */
ax_err_t ax_file_read_pieces_at(const ax_file_t *file, const ax_piece_t *pieces, size_t count, uint64_t offset,
				size_t *done);
ax_err_t ax_file_write_pieces_at(const ax_file_t *file, const ax_piece_t *pieces, size_t count, uint64_t offset,
				 size_t *done);

/** From where an offset counts. */
typedef enum ax_seek {
	AX_SEEK_FROM_START,
	AX_SEEK_FROM_POSITION,
	AX_SEEK_FROM_END,
	AX_SEEK_DATA_FROM,  /* the next data at or behind the offset */
	AX_SEEK_HOLE_FROM,  /* the next hole, or the end */
} ax_seek_t;

/**
 * Move the position, also behind the end; @p position, if not NULL, is told.
 * @retval AX_ERR_INVALID_INPUT  before the start, or no such @p from
 * @retval AX_ERR_ILLEGAL_SEEK   a device without positions
 * @retval AX_ERR_NOT_FOUND      AX_SEEK_DATA_FROM, AX_SEEK_HOLE_FROM: the offset is not inside the file, or no data
 *     follows
 */
ax_err_t ax_file_seek(ax_file_t *file, int64_t offset, ax_seek_t from, uint64_t *position);

/** What the file is: see axfs/attributes.h. */
ax_err_t ax_file_stat(const ax_file_t *file, ax_stat_t *stat);

/**
 * Cut, or extend by zeroes. @retval AX_ERR_BAD_HANDLE  not open for writing. @retval AX_ERR_INVALID_INPUT  no regular
 *     file
 */
ax_err_t ax_file_truncate(const ax_file_t *file, uint64_t size);

/** Have what was written to the file durable on return; @p data_only: attributes just as far as reading needs them. */
ax_err_t ax_file_sync(const ax_file_t *file, bool data_only);

/** Change attributes. @retval AX_ERR_NOT_PERMITTED  not the owner. */
ax_err_t ax_file_set_mode(const ax_file_t *file, uint32_t mode);
ax_err_t ax_file_set_owner(const ax_file_t *file, uint32_t uid, uint32_t gid);
ax_err_t ax_file_set_times(const ax_file_t *file, int64_t accessed_ns, int64_t modified_ns);

/** A device's own request, by the number of Linux's ioctl(2). @retval AX_ERR_NOT_A_TERMINAL  it does not know it */
ax_err_t ax_file_control(const ax_file_t *file, unsigned long request, void *argument);

/** The file system that the file lies in. */
ax_err_t ax_file_statfs(const ax_file_t *file, vfs_statfs_t *stat);

/**
 * The memory of the page at @p offset, a multiple of VFS_PAGE_BYTES inside the file, shared with all its users; see
 * vfs_ops_t.map_page. The file may be closed before ax_file_unmap_page() if the caller has a copy of it.
 * @retval AX_ERR_NOT_SUPPORTED  the file system cannot: read and write instead
 */
ax_err_t ax_file_map_page(const ax_file_t *file, uint64_t offset, bool writable, void **page);
void ax_file_unmap_page(const ax_file_t *file, uint64_t offset);

/**
 * The absolute path by which the file was opened, as it is after renames, terminated; @p bytes without the NUL.
 * @retval AX_ERR_OUT_OF_RANGE  longer than @p capacity - 1
 * @retval AX_ERR_NOT_FOUND     the name has been removed
 */
ax_err_t ax_file_path(const ax_file_t *file, char *buffer, size_t capacity, size_t *bytes);

#pragma GCC visibility pop
