/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtio 9P device: a queue on which a request is a chain of the message and of room for the answer (QEMU's
 * hw/9pfs/virtio-9p-device.c; the configuration is the length of the mount tag and the tag). One request at a time: the
 * client serializes. Pieces of messages are the device's where they lie, without a copy.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <p9_client/p9_client.h>
#include <spinlock/spinlock.h>
#include <virtio_device/virtio_device.h>
#include <virtio_ring/virtio_ring.h>

#pragma GCC visibility push(default)

/** The longest tag that is taken, with its terminating 0. */
#define VIRTIO_9P_TAG_BYTES 256u

typedef struct virtio_9p virtio_9p_t;

/** What the driver's user supplies. */
typedef struct virtio_9p_user {
	/** Return when is_true(argument), which turns true in virtio_9p_poll(), before wake(). @return false: it takes too long */
	bool (*wait)(virtio_9p_t *self, bool (*is_true)(const void *argument), const void *argument);
	void (*wake)(virtio_9p_t *self);
	bool has_interrupts;
} virtio_9p_user_t;

struct virtio_9p {
	p9_transport_t transport; /* for p9_begin(), p9fs_mount() */
	virtio_device_t *virtio;
	const virtio_9p_user_t *user;
	irq_spinlock_t lock;      /* protects the ring and what follows */
	virtio_ring_t ring;
	bool is_done, is_dead;
	uint32_t bytes;           /* of the answer */
	char tag[VIRTIO_9P_TAG_BYTES];
};

/**
 * Start a device of VIRTIO_ID_9P.
 * @retval AX_ERR_IO  its tag is empty or too long
 * @retval others     as virtio_device_begin() and virtio_device_make_ring(); the device has been reset in all cases
 */
ax_err_t virtio_9p_init(virtio_9p_t *self, virtio_device_t *virtio, const virtio_9p_user_t *user);

/** For the interrupt's handler. */
void virtio_9p_interrupt(virtio_9p_t *self);

/** For wait(), if it polls. Any context. */
void virtio_9p_poll(virtio_9p_t *self);

#pragma GCC visibility pop
