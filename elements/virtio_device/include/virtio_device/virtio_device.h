/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A virtio device as its driver sees it (VirtIO 1.2, chapters 2 and 3), whatever it is attached by. A transport
 * (virtio_pci, virtio_mmio) fills virtio_device_t; a driver goes the way of section 3.1.1:
 *
 *	virtio_device_begin(device, wanted_features);	reset, negotiate; device->features has what both know
 *	... virtio_device_read_config(), virtio_device_make_ring() for each queue ...
 *	virtio_device_start(device);			the device is live
 *
 * and on any failure virtio_device_fail(). Modern devices only: VIRTIO_F_VERSION_1 is demanded.
 *
 * No lock: one thread at a time, of which interrupts need not be masked. Thread context, but for
 * virtio_device_acknowledge().
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <virtio_ring/virtio_ring.h>

#pragma GCC visibility push(default)

/** Device types: chapter 5. */
enum {
	VIRTIO_ID_NET = 1,
	VIRTIO_ID_BLOCK = 2,
	VIRTIO_ID_ENTROPY = 4,
	VIRTIO_ID_9P = 9,
};

/** Device status: section 2.1. */
enum {
	VIRTIO_STATUS_ACKNOWLEDGE = 1,
	VIRTIO_STATUS_DRIVER = 2,
	VIRTIO_STATUS_DRIVER_OK = 4,
	VIRTIO_STATUS_FEATURES_OK = 8,
	VIRTIO_STATUS_NEEDS_RESET = 64,
	VIRTIO_STATUS_FAILED = 128,
};

/** Features of every device: chapter 6. A driver need not name them, they are asked for. */
#define VIRTIO_F_INDIRECT_DESC (UINT64_C(1) << 28)
#define VIRTIO_F_EVENT_IDX     (UINT64_C(1) << 29)
#define VIRTIO_F_VERSION_1     (UINT64_C(1) << 32)

/** Interrupt status: sections 4.1.4.5 and 4.2.2. */
enum {
	VIRTIO_INTERRUPT_QUEUE = 1,
	VIRTIO_INTERRUPT_CONFIG = 2,
};

/**
 * How addresses of this program become the bus's: the image lies somewhere, all other memory at one distance. So no
 * look-up stands between a buffer and the device; what is contiguous here is so for the device.
 */
typedef struct virtio_memory {
	uintptr_t image_start;
	size_t image_bytes;
	uint64_t image_offset; /* bus address = address + offset */
	uint64_t offset;       /* the same for whatever is not in the image */
	/* Memory for rings: zeroed, 4096-byte aligned, contiguous; NULL when out. It is freed with the same size. */
	void *(*alloc)(size_t bytes);
	void (*free)(void *memory, size_t bytes);
} virtio_memory_t;

typedef struct virtio_device virtio_device_t;

/** Where a queue lies, and its number: sections 4.1.4.3, 4.2.2. */
typedef struct virtio_queue_place {
	uint16_t number, size;
	uint64_t descs_address, avail_address, used_address;
} virtio_queue_place_t;

/** What a transport fills. */
typedef struct virtio_transport {
	uint8_t (*status)(virtio_device_t *self);
	void (*set_status)(virtio_device_t *self, uint8_t status);
	uint64_t (*device_features)(virtio_device_t *self);
	void (*set_driver_features)(virtio_device_t *self, uint64_t features);
	uint32_t (*config_generation)(virtio_device_t *self);
	/* @p bytes is 1, 2 or 4, and the access is of that width; what is past the end reads as 0. */
	uint32_t (*read_config)(virtio_device_t *self, size_t offset, size_t bytes);
	void (*write_config)(virtio_device_t *self, size_t offset, size_t bytes, uint32_t value);
	/* The largest size of a queue; 0: there is none of that number. */
	uint16_t (*queue_max)(virtio_device_t *self, uint16_t number);
	/* Tell the device where a queue lies and enable it; the doorbell into @p ring. */
	ax_err_t (*enable_queue)(virtio_device_t *self, const virtio_queue_place_t *place, virtio_ring_t *ring);
	/* Read and clear the interrupt status; any context. NULL: interrupts are messages, which say nothing else. */
	uint32_t (*acknowledge)(virtio_device_t *self);
} virtio_transport_t;

/** A device. Transports have it inside their own structure. */
struct virtio_device {
	const virtio_transport_t *transport;
	const virtio_memory_t *memory;
	uint32_t id;         /* VIRTIO_ID_* */
	uint64_t features;   /* negotiated */
	const char *address; /* where it was found, for messages: "pci 0:1.0" */
};

/** The bus address of @p start. Any context. */
static inline uint64_t virtio_device_bus_address(const virtio_device_t *self, const void *start)
{
	const virtio_memory_t *memory = self->memory;
	uintptr_t address = (uintptr_t)start;
	return address + (address - memory->image_start < memory->image_bytes ? memory->image_offset : memory->offset);
}

/** Whether a feature was negotiated. */
static inline bool virtio_device_has(const virtio_device_t *self, uint64_t feature)
{
	return self->features & feature;
}

/**
 * Reset the device and negotiate: steps 1 to 6 of section 3.1.1. Of @p wanted, and of the features of every device, it
 * has what it offers.
 * @retval AX_ERR_NOT_SUPPORTED  no VIRTIO_F_VERSION_1, or the device refuses the choice
 * @retval AX_ERR_TIMED_OUT      it does not end its reset
 */
ax_err_t virtio_device_begin(virtio_device_t *self, uint64_t wanted);

/**
 * Make queue @p number, of at most @p size descriptors (a power of two) and with @p tables indirect tables of
 * @p table_entries each, if the device knows such.
 * @param ring  out; virtio_device_free_ring() when the device has been reset
 * @retval AX_ERR_NOT_FOUND  the device has no such queue
 * @retval AX_ERR_NO_MEMORY  none for the ring
 * @retval AX_ERR_IO         the device says what cannot be
 */
ax_err_t virtio_device_make_ring(virtio_device_t *self, uint16_t number, uint16_t size, uint16_t tables,
				 uint16_t table_entries, virtio_ring_t *ring);

/** Give its memory back. The device has been reset. */
void virtio_device_free_ring(virtio_device_t *self, virtio_ring_t *ring);

/** Copy @p bytes of the device's configuration from @p offset: whole, even if the device changes it meanwhile. */
void virtio_device_read_config(virtio_device_t *self, size_t offset, void *to, size_t bytes);

/** DRIVER_OK: from now on the device works on its queues. */
void virtio_device_start(virtio_device_t *self);

/** Stop the device: it is reset, and uses no memory any more. @retval AX_ERR_TIMED_OUT  it does not end its reset */
ax_err_t virtio_device_reset(virtio_device_t *self);

/** Give up: the device is reset and marked as failed. What it holds of our memory it holds no longer. */
void virtio_device_fail(virtio_device_t *self);

/** In its interrupt handler: read and clear why. With messages: VIRTIO_INTERRUPT_QUEUE. Any context. */
uint32_t virtio_device_acknowledge(virtio_device_t *self);

/** Whether the device has met an error that only a reset ends. */
bool virtio_device_needs_reset(virtio_device_t *self);

#pragma GCC visibility pop
