/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory of devices, in memory: what is in it its user has put there; programs can make nothing in it, but
 * change modes and owners. A device is a structure of the user's that lives as long as the file system, with
 * functions that order themselves: they are called by several threads at the same time, and may sleep (axfs_vfs/vfs.h).
 *
 * devfs_mount() puts in null, zero, full and, given a source of random bytes, random and urandom: as Linux's man
 * pages null(4), full(4), random(4). Adding is for who mounts it, before others use it, or with the root held.
 */
#pragma once

#include <axfs_vfs/vfs.h>
#include <devfs/features.h>

#pragma GCC visibility push(default)

/** A device number as Linux counts them: for numbers that fit 8 bits each. */
#define DEVFS_NUMBER(major, minor) ((uint64_t)(major) << 8 | (minor))

typedef struct devfs_device devfs_device_t;

/** Device, functions and name are the user's, static or living as long as the file system. NULL: see each. */
struct devfs_device {
	const char *name;
	uint32_t mode;        /* VFS_CHARACTER_DEVICE or VFS_BLOCK_DEVICE, and permissions */
	uint32_t flags;       /* VFS_STREAM */
	uint64_t number;      /* DEVFS_NUMBER() */
	void *context;        /* the functions' own */
	/** As vfs_ops_t's. [end of the file] */
	ax_err_t (*read)(const devfs_device_t *self, void *buffer, size_t bytes, uint64_t offset, size_t *done);
	/** [AX_ERR_NOT_PERMITTED] */
	ax_err_t (*write)(const devfs_device_t *self, const void *data, size_t bytes, uint64_t offset, size_t *done);
	/** [AX_ERR_NOT_A_TERMINAL] */
	ax_err_t (*control)(const devfs_device_t *self, unsigned long request, void *argument);
	/** What was written is durable. [nothing to do] */
	ax_err_t (*sync)(const devfs_device_t *self);
	/** Bytes of a block device. [0] */
	uint64_t (*size)(const devfs_device_t *self);
};

/**
 * @param random  fills @p buffer with random bytes; NULL: there is no /dev/random. It may fail: AX_ERR_IO
 * @retval AX_ERR_NO_MEMORY
 */
ax_err_t devfs_mount(const vfs_host_t *host, ax_err_t (*random)(void *buffer, size_t bytes), vfs_t **fs);

/** Add a device. @retval AX_ERR_ALREADY_EXISTS. @retval AX_ERR_NO_MEMORY */
ax_err_t devfs_add(vfs_t *fs, const devfs_device_t *device);

/** Add a symbolic link; both texts static. Errors as above. */
ax_err_t devfs_add_link(vfs_t *fs, const char *name, const char *target);

/** The device that @p node, of a devfs, is; NULL for the directory and links. */
const devfs_device_t *devfs_device_of(const vfs_node_t *node);

#if DEVFS_FEATURE_BLOCK
#include <driver_block/driver_block.h>

/**
 * Add a block device under its name, as Linux numbers virtio disks (major 254). Bytes at any offset: what does not
 * begin and end with a block is read, changed and written back, one at a time. Errors as devfs_add(); AX_ERR_NO_MEMORY
 */
ax_err_t devfs_add_block(vfs_t *fs, block_device_t *device);
#endif

VFS_OPERATIONS(devfs);

#define DEVFS_OPS                                                                                           \
	{                                                                                                   \
		.unmount = devfs_unmount, .load_attributes = devfs_load_attributes, .fsync = devfs_fsync,   \
		.lookup = devfs_lookup, .read_directory = devfs_read_directory, .read = devfs_read,         \
		.write = devfs_write, .read_link = devfs_read_link, .control = devfs_control,               \
	}

extern const vfs_ops_t devfs_ops;

#pragma GCC visibility pop
