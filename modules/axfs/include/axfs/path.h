/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done by a path. Each function takes the directory at which a relative path begins: an open one, or NULL for
 * the current directory. Without "AX_PATH_NO_FOLLOW" a symbolic link at the end of the path is followed, except by what
 * makes, removes or renames a name. Context, errors of paths: as ax_file_open_at().
 */
#pragma once

#include <axfs/file.h>

#pragma GCC visibility push(default)

enum {
	AX_PATH_NO_FOLLOW = 1,     /* the symbolic link itself */
	AX_PATH_FOLLOW = 2,        /* ax_path_link_at(): what a symbolic link leads to */
	AX_PATH_DIRECTORY = 4,     /* ax_path_unlink_at(): an empty directory, not a file */
	AX_PATH_NO_REPLACE = 8,    /* ax_path_rename_at(): fail if the new name is there */
	AX_PATH_EMPTY = 16,        /* an empty path is the directory (or file) itself */
};

ax_err_t ax_path_stat_at(const ax_file_t *directory, const char *path, uint32_t flags, ax_stat_t *stat);

/** May the user read (4), write (2), execute or search (1)? 0: is it there? @retval AX_ERR_ACCESS_DENIED  no */
ax_err_t ax_path_access_at(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t permissions);

/** Make a directory. @p mode is taken less the mask. @retval AX_ERR_ALREADY_EXISTS */
ax_err_t ax_path_make_directory_at(const ax_file_t *directory, const char *path, uint32_t mode);

/** Make a regular file, a pipe's, socket's or device's node. @p mode holds the type. */
ax_err_t ax_path_make_node_at(const ax_file_t *directory, const char *path, uint32_t mode, uint64_t device);

/** Make a symbolic link at @p path with the text @p target. */
ax_err_t ax_path_symlink_at(const char *target, const ax_file_t *directory, const char *path);

/** The text of a symbolic link, cut to @p capacity, not terminated. @retval AX_ERR_INVALID_INPUT  it is none */
ax_err_t ax_path_read_link_at(const ax_file_t *directory, const char *path, char *buffer, size_t capacity,
			      size_t *bytes);

/**
 * Another name for a file. @retval AX_ERR_CROSS_DEVICE  another file system. @retval AX_ERR_NOT_PERMITTED  a directory
 */
ax_err_t ax_path_link_at(const ax_file_t *old_directory, const char *old_path, const ax_file_t *new_directory,
			 const char *new_path, uint32_t flags);

/**
 * Remove a name.
 * @retval AX_ERR_IS_A_DIRECTORY   without AX_PATH_DIRECTORY
 * @retval AX_ERR_NOT_A_DIRECTORY  with it
 * @retval AX_ERR_NOT_EMPTY, AX_ERR_BUSY  a directory that holds entries, on which a file system is mounted
 */
ax_err_t ax_path_unlink_at(const ax_file_t *directory, const char *path, uint32_t flags);

/**
 * The name @p old_path becomes @p new_path, which it replaces: at no moment is there none.
 * @retval AX_ERR_CROSS_DEVICE   another file system
 * @retval AX_ERR_INVALID_INPUT  a directory into itself or below
 */
ax_err_t ax_path_rename_at(const ax_file_t *old_directory, const char *old_path, const ax_file_t *new_directory,
			   const char *new_path, uint32_t flags);

ax_err_t ax_path_truncate_at(const ax_file_t *directory, const char *path, uint64_t size);
ax_err_t ax_path_set_mode_at(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t mode);
ax_err_t ax_path_set_owner_at(const ax_file_t *directory, const char *path, uint32_t flags, uint32_t uid, uint32_t gid);
ax_err_t ax_path_set_times_at(const ax_file_t *directory, const char *path, uint32_t flags, int64_t accessed_ns,
			      int64_t modified_ns);
ax_err_t ax_path_statfs_at(const ax_file_t *directory, const char *path, vfs_statfs_t *stat);

/** The current directory as an absolute path, terminated; @p bytes without the NUL. Errors as ax_file_path(). */
ax_err_t ax_path_current(char *buffer, size_t capacity, size_t *bytes);

/** Make @p path, or the open directory, the current one. @retval AX_ERR_NOT_A_DIRECTORY */
ax_err_t ax_path_change_at(const ax_file_t *directory, const char *path);
ax_err_t ax_path_change_to(const ax_file_t *directory);

/* From the current directory. */

static inline ax_err_t ax_path_stat(const char *path, ax_stat_t *stat)
{
	return ax_path_stat_at(NULL, path, 0, stat);
}

static inline ax_err_t ax_path_make_directory(const char *path)
{
	return ax_path_make_directory_at(NULL, path, 0777);
}

static inline ax_err_t ax_path_symlink(const char *target, const char *path)
{
	return ax_path_symlink_at(target, NULL, path);
}

static inline ax_err_t ax_path_read_link(const char *path, char *buffer, size_t capacity, size_t *bytes)
{
	return ax_path_read_link_at(NULL, path, buffer, capacity, bytes);
}

static inline ax_err_t ax_path_link(const char *old_path, const char *new_path)
{
	return ax_path_link_at(NULL, old_path, NULL, new_path, 0);
}

static inline ax_err_t ax_path_unlink(const char *path)
{
	return ax_path_unlink_at(NULL, path, 0);
}

static inline ax_err_t ax_path_remove_directory(const char *path)
{
	return ax_path_unlink_at(NULL, path, AX_PATH_DIRECTORY);
}

static inline ax_err_t ax_path_rename(const char *old_path, const char *new_path)
{
	return ax_path_rename_at(NULL, old_path, NULL, new_path, 0);
}

static inline ax_err_t ax_path_truncate(const char *path, uint64_t size)
{
	return ax_path_truncate_at(NULL, path, size);
}

static inline ax_err_t ax_path_change(const char *path)
{
	return ax_path_change_at(NULL, path);
}

#pragma GCC visibility pop
