/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files, as a whole: which file systems the image has, where they are mounted, who asks. Opening and using files:
 * axfs/file.h, axfs/dir.h, axfs/path.h.
 *
 * File systems are features: `ramfs`, `archive`, `devfs`, `procfs`, a disk as the root. An image with exactly one calls it
 * directly; with two or more, or with `dyn`, which is for those that somebody mounts by axfs_mount(), each node knows its own. What is
 * mounted at "/" is the choice `root`; /dev and /proc are made in it for devfs and procfs, /tmp for programs.
 *
 * A path is looked up in two caches, of whole paths and of names in directories, both of fixed size
 * (axconfig: `fs_paths`, `fs_names`); names that are not there are remembered too.
 */
#pragma once

#include <axfs/file.h>

#pragma GCC visibility push(default)

/** Mount the image's file systems. Once, before any other call; PANICs if there is no memory for the root. */
void axfs_init(void);

/** Write everything back and have it durable. Before the image ends; whoever wants it earlier. */
ax_err_t axfs_sync(void);

/** Before the image ends: as axfs_sync(), and the disks say that nobody uses them. Nothing can be changed any more. */
ax_err_t axfs_end(void);

/**
 * Mount @p fs, which its own function has made, on the directory @p path; its own until axfs_unmount(), also if this
 * fails (then the caller still has it, and ends it by its operation `unmount`).
 * @retval AX_ERR_NOT_A_DIRECTORY  @p path is none
 * @retval AX_ERR_BUSY             something is mounted there, or it is the root
 */
ax_err_t axfs_mount(vfs_t *fs, const char *path);

/** Unmount what is mounted at @p path, and end it. @retval AX_ERR_BUSY  files in it are open, or it is the root */
ax_err_t axfs_unmount(const char *path);

/** What is mounted. */
typedef struct axfs_mount_info {
	const char *path;   /* valid within the call */
	const vfs_t *fs;
	uint64_t number;    /* ax_stat_t's file_system */
} axfs_mount_info_t;

/** Call @p each for every mount, in the order of mounting, until it returns false. It must not mount. Threads. */
void axfs_each_mount(bool (*each)(void *context, const axfs_mount_info_t *mount), void *context);

/** What a file system needs of us: memory of axalloc, the wall clock. */
extern const vfs_host_t axfs_host;

/** Whose the files are: for permissions, and for what is made. User 0 may do everything. One in an image. */
typedef struct axfs_user {
	uint32_t uid, gid;
	uint32_t mask;      /* permissions that new files do not get; 022 at first */
} axfs_user_t;

axfs_user_t axfs_user(void);

/** Takes effect for what is looked up from then on. */
void axfs_set_user(axfs_user_t user);

/** Set the mask; returns the one before. */
uint32_t axfs_set_mask(uint32_t mask);

#pragma GCC visibility pop
