/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block device in memory that its user hands in. Requests are complete when they have been submitted; it never waits,
 * has no lock, and leaves requests on the same blocks that run at the same time to whoever issues them.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_block/driver_block.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct ramdisk {
	block_device_t device;
	uint8_t *memory;
} ramdisk_t;

/**
 * Make a device of @p bytes at @p memory, whose contents it takes over; what is left over at the end is not used.
 * @param name         of the device; must live as long
 * @param memory       must outlive @p self; never written if @p read_only
 * @param block_bytes  a power of two from 512 to 4096
 * @retval AX_ERR_INVALID_INPUT  no such block size, or less than one block
 */
ax_err_t ramdisk_init(ramdisk_t *self, const char *name, void *memory, size_t bytes, uint32_t block_bytes,
		      bool read_only);

#pragma GCC visibility pop
