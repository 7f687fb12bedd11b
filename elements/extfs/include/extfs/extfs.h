/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ext2, ext3 and ext4 volumes on a block device, behind axfs_vfs. Source: the Linux kernel's
 * Documentation/filesystems/ext4/.
 *
 * Read and written: block maps and extents, sparse files, directories (a hash tree is read, and taken away when an entry is
 * added: larger directories are searched from start to end), hard and symbolic links, devices, times with nanoseconds,
 * metadata checksums (verified and written), groups of 64 bits, flexible and meta groups. Extended attributes are kept
 * as they are, and not shown.
 *
 * Journal: with one, changes of metadata are collected in a transaction and committed through it, so that each operation is
 * done or not done after a loss of power; files' data is written before the metadata that refers to it. fsync() and
 * sync() commit. A mount recovers what a journal holds, also a journal of Linux's. Without a journal, metadata goes to its
 * places at a commit, and after a loss of power the volume must be checked (e2fsck): a mount is read-only until then.
 *
 * Damage: whatever lies on the disk, no access is out of bounds and every call ends. What does not fit is AX_ERR_IO, and
 * from then on the volume is not changed; extfs_trouble() says what was found. The same holds after an error of the device
 * in the middle of a change.
 *
 * The file system says VFS_SERIAL and VFS_SLEEPS: its user serializes the calls. Any number of volumes.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <axfs_vfs/vfs.h>
#include <driver_block/driver_block.h>

#pragma GCC visibility push(default)

enum {
	EXTFS_READ_ONLY = 1,
	EXTFS_UNCHECKED = 2, /* write to a volume without a journal though it was not unmounted, or has errors */
};

/** For messages: what was refused or found wrong first. */
typedef struct extfs_trouble {
	const char *what; /* NULL: nothing. Static */
	uint64_t where;   /* a block or an inode, as `what` says; 0: nowhere */
} extfs_trouble_t;

/**
 * Mount the volume that begins with the device's first block. The device is the volume's until the unmount.
 * Threads only; may sleep.
 * @param flags    EXTFS_...; a device that is read-only, unknown features and an unchecked volume make it read-only, too
 * @param source   what is mounted, for who lists mounts; lives as long as @p device
 * @param trouble  filled in, or NULL
 * @retval AX_ERR_INVALID_INPUT  no such volume on the device
 * @retval AX_ERR_NOT_SUPPORTED  a feature that must be known and is not; blocks smaller than the device's
 * @retval AX_ERR_READ_ONLY      the journal must be recovered, and the device is read-only
 * @retval AX_ERR_IO             the device failed, or what lies on it is damaged
 * @retval AX_ERR_NO_MEMORY
 */
ax_err_t extfs_mount(block_device_t *device, const vfs_host_t *host, uint32_t flags, const char *source,
		     extfs_trouble_t *trouble, vfs_t **fs);

/** What was found wrong with a mounted volume. */
extfs_trouble_t extfs_trouble(const vfs_t *fs);

VFS_OPERATIONS(extfs);

/** The initializer of extfs_ops, for who has no other file system and calls through a table of its own: directly. */
#define EXTFS_OPS                                                                                                     \
	{                                                                                                             \
		.statfs = extfs_statfs, .sync = extfs_sync, .finish = extfs_finish, .unmount = extfs_unmount,         \
		.release = extfs_release,                                                                             \
		.store_attributes = extfs_store_attributes, .fsync = extfs_fsync, .lookup = extfs_lookup,             \
		.create = extfs_create, .link = extfs_link, .unlink = extfs_unlink, .rename = extfs_rename,           \
		.read_directory = extfs_read_directory, .read = extfs_read, .write = extfs_write,                     \
		.truncate = extfs_truncate, .read_link = extfs_read_link, .seek_data = extfs_seek_data,               \
	}

extern const vfs_ops_t extfs_ops;

#pragma GCC visibility pop
