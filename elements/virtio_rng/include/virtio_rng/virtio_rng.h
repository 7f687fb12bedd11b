/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtio entropy device (VirtIO 1.2, section 5.4): a buffer that it fills. One request at a time: who wants bytes
 * asks, waits as it likes, and takes them.
 *
 * No lock: the caller serializes. Any context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stdbool.h>
#include <stddef.h>
#include <virtio_device/virtio_device.h>
#include <virtio_ring/virtio_ring.h>

#pragma GCC visibility push(default)

typedef struct virtio_rng {
	virtio_device_t *virtio;
	virtio_ring_t ring;
} virtio_rng_t;

/**
 * Start a device of VIRTIO_ID_ENTROPY, which raises no interrupts.
 * @retval as virtio_device_begin() and virtio_device_make_ring(); the device has been reset
 */
ax_err_t virtio_rng_init(virtio_rng_t *self, virtio_device_t *virtio);

/**
 * Ask for bytes into @p buffer, which the device writes until virtio_rng_take() has returned them.
 * @retval AX_ERR_BUSY       a request is under way
 * @retval AX_ERR_NO_DEVICE  the device was given up
 */
ax_err_t virtio_rng_ask(virtio_rng_t *self, void *buffer, size_t bytes);

/**
 * Take what came.
 * @param bytes  how many: at least 1, perhaps fewer than asked for
 * @retval AX_ERR_WOULD_BLOCK  not yet
 * @retval AX_ERR_IO           the device lies, or gives nothing: it has been reset and is gone
 */
ax_err_t virtio_rng_take(virtio_rng_t *self, size_t *bytes);

/** Give the device up: it is reset, and the buffer is the caller's again. */
void virtio_rng_end(virtio_rng_t *self);

#pragma GCC visibility pop
