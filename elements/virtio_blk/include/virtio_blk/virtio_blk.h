/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtio block device (VirtIO 1.2, section 5.2) as a driver_block device: data goes between the device and the
 * caller's memory without a copy. Each queue has a lock of its own, and a CPU uses always the same one.
 *
 * The driver neither sleeps nor knows an interrupt controller: its user says how to wait, and calls
 * virtio_blk_interrupt() from the handler, or nothing at all if its wait() polls.
 *
 * A device that fails for good (what it says cannot be, it does not answer in time, or asks for a reset) is reset; what
 * it has under way ends with an error, and whatever comes later with AX_ERR_NO_DEVICE.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_block/driver_block.h>
#include <spinlock/spinlock.h>
#include <stdatomic.h>
#include <virtio_device/virtio_device.h>
#include <virtio_ring/virtio_ring.h>

#pragma GCC visibility push(default)

/** Pieces of memory that one request can have, if the device allows as many. */
#define VIRTIO_BLK_SEGMENTS 62u

#define VIRTIO_BLK_QUEUES 8u

typedef struct virtio_blk virtio_blk_t;

/** What the driver's user supplies. */
typedef struct virtio_blk_user {
	/**
	 * Return when is_true(argument), which may turn true in virtio_blk_interrupt(), before wake() is called, or in
	 * block_device_poll(). Thread context.
	 * @return false: it has taken so long that the device must be out of order
	 */
	bool (*wait)(virtio_blk_t *disk, bool (*is_true)(const void *argument), const void *argument);
	/** Something has become true. Any context. */
	void (*wake)(virtio_blk_t *disk);
	/** The number of this CPU. Any context. */
	unsigned (*cpu)(void);
	unsigned cpus;       /* how many use the device */
	bool has_interrupts; /* else wait() polls, and the device is told to raise none */
} virtio_blk_user_t;

struct virtio_blk_slot;

typedef struct virtio_blk_queue {
	irq_spinlock_t lock; /* protects all of the queue */
	virtio_ring_t ring;
	struct virtio_blk_slot *slots, *free;
	uint16_t slot_count;
} virtio_blk_queue_t;

struct virtio_blk {
	block_device_t device;
	virtio_device_t *virtio;
	const virtio_blk_user_t *user;
	atomic_bool is_dead;
	unsigned queue_count;
	virtio_blk_queue_t queues[VIRTIO_BLK_QUEUES];
};

/**
 * Start a device of VIRTIO_ID_BLOCK. Its interrupts may come from now on.
 * @param virtio,name,user  must outlive @p self
 * @retval AX_ERR_IO         the device tells of itself what cannot be
 * @retval AX_ERR_NO_MEMORY, AX_ERR_NOT_SUPPORTED, AX_ERR_TIMED_OUT  as virtio_device_begin() and _make_ring(); in all
 *                           cases the device has been reset
 */
ax_err_t virtio_blk_init(virtio_blk_t *self, virtio_device_t *virtio, const char *name, const virtio_blk_user_t *user);

/** Reset the device and give its memory back. What is under way ends with AX_ERR_NO_DEVICE; nobody may use it any more. */
void virtio_blk_end(virtio_blk_t *self);

/** For the interrupt's handler. */
void virtio_blk_interrupt(virtio_blk_t *self);

#pragma GCC visibility pop
