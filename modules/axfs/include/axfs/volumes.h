/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Volumes on block devices. Features `ext` (ext2, ext3, ext4) and `fat` (FAT12, FAT16, FAT32): at the start of the image
 * what is on its block devices is mounted at /vda, /vdb, ..., where it is a volume of those kinds, and at its end the disks
 * say that nobody uses them. Features `root_ext`, `root_fat`: the first device is the root. Others, a ramdisk, are mounted by hand:
 *
 *	error = axfs_open_volume(device, false, &fs);
 *	if (error == AX_OK)
 *		error = axfs_mount(fs, "/mnt");
 */
#pragma once

#include <axerrno/axerrno.h>
#include <axfs_vfs/vfs.h>
#include <driver_block/driver_block.h>
#include <stdbool.h>

#pragma GCC visibility push(default)

/**
 * The volume on @p device, for axfs_mount(), or to be ended by its operation `unmount`. What is wrong with it is told in
 * the log. Threads; may sleep.
 * @retval AX_ERR_INVALID_INPUT  none of a kind that the image has
 * @retval AX_ERR_NOT_SUPPORTED, AX_ERR_READ_ONLY, AX_ERR_IO, AX_ERR_NO_MEMORY  see extfs_mount(), fatfs_mount()
 */
ax_err_t axfs_open_volume(block_device_t *device, bool read_only, vfs_t **fs);

#pragma GCC visibility pop
