/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The block devices of the machine, as the platform has them: virtio block devices of a virtual machine, files of the
 * host for a Linux process. They are called vda, vdb, ... in the order of `./ax run --disk`.
 */
#pragma once

#include <driver_block/driver_block.h>

#pragma GCC visibility push(default)

/** More are passed over, with a message. */
#define AXBLOCK_MAX 16u

/** Find the devices. Called by axruntime, with interrupts and threads if the image has them. */
void axblock_init(void);

/** How many there are. Any context. */
size_t axblock_count(void);

/** Device @p index, from 0 on; NULL: no such. For good. Any context. */
block_device_t *axblock_get(size_t index);

/** The device of this name, or NULL. Any context. */
block_device_t *axblock_find(const char *name);

#pragma GCC visibility pop
