/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FAT12, FAT16 and FAT32 volumes with long names on a block device, behind axfs_vfs. The format is FatFs's (port `fatfs`);
 * nodes, names and the order of writes are this element's. Source of the format: Microsoft, "FAT32 File System
 * Specification", 1.03.
 *
 * What FAT does not have: owners, permissions beside "read-only", hard and symbolic links, files of 4 GiB, holes (a gap is
 * filled with zeroes). Names are UTF-8, compare without regard to case, and cannot have the characters "*:<>?\| or end
 * with a dot or space. Times are UTC, to 2 seconds (access: to a day). A removed file that is open lives on until its
 * release.
 *
 * After a loss of power what was synced is there: data and its chain are written before the directory entry, an entry is
 * gone before its clusters are free, a cluster is empty before it becomes a directory's, and a rename replaces the old
 * entry in one write. Clusters may be lost, FATs differ, a renamed file have both names: fsck.vfat mends that. The dirty
 * bit is set while the volume is mounted.
 *
 * Damage: no access is out of bounds and every call ends; AX_ERR_IO.
 *
 * The file system says VFS_SERIAL and VFS_SLEEPS: its user serializes the calls. Any number of volumes.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <axfs_vfs/vfs.h>
#include <driver_block/driver_block.h>

#pragma GCC visibility push(default)

enum { FATFS_READ_ONLY = 1 };

/**
 * Mount the volume that begins with the device's first block, or that of the first partition with a FAT volume in an MBR
 * there. The device is the volume's until the unmount. Threads only; may sleep.
 * @param flags      FATFS_...
 * @param source     what is mounted, for who lists mounts; lives as long as @p device
 * @param was_dirty  or NULL; whether the volume was not unmounted the last time, and should be checked
 * @retval AX_ERR_INVALID_INPUT  no such volume on the device
 * @retval AX_ERR_NOT_SUPPORTED  sectors that are smaller than the device's blocks
 * @retval AX_ERR_IO             the device failed, or what lies on it is damaged
 * @retval AX_ERR_NO_MEMORY
 */
ax_err_t fatfs_mount(block_device_t *device, const vfs_host_t *host, uint32_t flags, const char *source, bool *was_dirty,
		     vfs_t **fs);

VFS_OPERATIONS(fatfs);

/** The initializer of fatfs_ops, for who has no other file system and calls through a table of its own: directly. */
#define FATFS_OPS                                                                                                     \
	{                                                                                                             \
		.statfs = fatfs_statfs, .sync = fatfs_sync, .finish = fatfs_finish, .unmount = fatfs_unmount,         \
		.release = fatfs_release,                                                                             \
		.store_attributes = fatfs_store_attributes, .fsync = fatfs_fsync, .lookup = fatfs_lookup,             \
		.create = fatfs_create, .unlink = fatfs_unlink, .rename = fatfs_rename,                               \
		.read_directory = fatfs_read_directory, .read = fatfs_read, .write = fatfs_write,                     \
		.truncate = fatfs_truncate,                                                                           \
	}

extern const vfs_ops_t fatfs_ops;

#pragma GCC visibility pop
