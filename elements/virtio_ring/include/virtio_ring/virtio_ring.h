/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver's side of a split virtqueue (VirtIO 1.2, section 2.7), with indirect descriptors, the event index, and
 * notifications only where the device wants them. A request is a chain of buffers, those that the device reads before
 * those that it writes, with a token by which the driver knows it again:
 *
 *	virtio_ring_add(&ring, buffers, 1, 2, token);	any number of times
 *	virtio_ring_kick(&ring);			makes all of them visible at once, and tells the device if it must
 *	while ((token = virtio_ring_take(&ring, &bytes)))	what the device has used
 *
 * Buffers are never copied. The device is not trusted: what the driver relies on it keeps in memory of its own, and an
 * index or a length from the device that cannot be makes the ring broken: it then takes and gives nothing any more,
 * until the driver has reset the device and taken its requests back by virtio_ring_detach().
 *
 * No lock: the caller serializes, and masks interrupts if a handler takes. Any context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <virtio_ring/layout.h>

#pragma GCC visibility push(default)

/** The largest queue that the format allows. */
#define VIRTIO_RING_MAX_SIZE 32768u

/** A piece of memory as the device sees it. */
typedef struct virtio_buffer {
	uint64_t address; /* of the bus */
	uint32_t bytes;
} virtio_buffer_t;

/** What a ring is to be. */
typedef struct virtio_ring_shape {
	uint16_t size;          /* descriptors: a power of two, at most VIRTIO_RING_MAX_SIZE */
	uint16_t tables;        /* indirect tables; 0 without VIRTIO_F_INDIRECT_DESC */
	uint16_t table_entries; /* descriptors of each: the longest chain that one request may be */
	bool event_index;       /* VIRTIO_F_EVENT_IDX was negotiated */
} virtio_ring_shape_t;

/* What the driver knows of a descriptor. */
typedef struct virtio_ring_slot {
	void *token;             /* of the chain that begins here and is under way, else NULL */
	uint32_t writable_bytes; /* of that chain */
	uint16_t next;           /* in the chain, or in the free list */
	uint16_t count;          /* descriptors of the chain */
	uint16_t table;          /* its indirect table, or NO_TABLE */
} virtio_ring_slot_t;

/** A ring. Opaque but for the doorbell. */
typedef struct virtio_ring {
	volatile void *doorbell;  /* where its number is written to notify the device; NULL: nowhere */
	uint16_t number;          /* of the queue */
	bool doorbell_is_wide;    /* 32 bits, else 16 */
	bool event_index;
	bool is_broken;
	uint16_t size;
	uint16_t free_first, free_count;
	uint16_t added, published; /* next available index, and as the device knows it */
	uint16_t notified;         /* the same when the device was last notified */
	uint16_t seen;             /* next used index */
	uint16_t under_way;        /* chains */
	uint16_t table_first, table_count, table_entries;
	virtio_desc_t *descs;
	virtio_avail_t *avail;
	virtio_used_t *used;
	virtio_desc_t *tables;
	virtio_ring_slot_t *slots;
	uint16_t *table_next;
	uint64_t descs_address, avail_address, used_address, tables_address;
} virtio_ring_t;

/** Bytes of the memory that is shared with the device; 0 for an impossible shape. */
size_t virtio_ring_shared_bytes(const virtio_ring_shape_t *shape);

/** Bytes of the driver's own memory. */
size_t virtio_ring_private_bytes(const virtio_ring_shape_t *shape);

/**
 * Make an empty ring, without doorbell.
 * @param shared     virtio_ring_shared_bytes(), zeroed, 16-byte aligned; the ring's as long as it lives
 * @param address    of @p shared on the bus
 * @param own        virtio_ring_private_bytes(), aligned for pointers; the ring's as long as it lives
 * @retval AX_ERR_INVALID_INPUT  an impossible shape
 */
ax_err_t virtio_ring_init(virtio_ring_t *self, const virtio_ring_shape_t *shape, void *shared, uint64_t address,
			  void *own);

/**
 * Append a request, @p readable buffers for the device to read and then @p writable ones to write. The device does not
 * see it before virtio_ring_publish() or virtio_ring_kick().
 * @param token  not NULL
 * @retval AX_ERR_WOULD_BLOCK    no room now
 * @retval AX_ERR_INVALID_INPUT  no buffer, or more than the ring's size
 * @retval AX_ERR_BAD_STATE      the ring is broken
 */
ax_err_t virtio_ring_add(virtio_ring_t *self, const virtio_buffer_t *buffers, size_t readable, size_t writable,
			 void *token);

/** Show the device what was added. @return whether it wants to be notified of it, or of what was shown before and it was not
 *  notified of: its wish may have come to be seen only now */
bool virtio_ring_publish(virtio_ring_t *self);

/** Ring the doorbell, after virtio_ring_publish() has said so; no lock is needed for this. */
static inline void virtio_ring_notify(const virtio_ring_t *self)
{
	if (!self->doorbell)
		return;
	if (self->doorbell_is_wide)
		*(volatile uint32_t *)self->doorbell = self->number;
	else
		*(volatile uint16_t *)self->doorbell = self->number;
}

/** Publish, and ring the doorbell if the device wants it. */
void virtio_ring_kick(virtio_ring_t *self);

/**
 * Take back a request that the device has used, in its order.
 * @param bytes  how many bytes it has written; never more than it was given. May be NULL
 * @return its token; NULL: none now, or the ring is broken
 */
void *virtio_ring_take(virtio_ring_t *self, uint32_t *bytes);

/** Whether the device has done what it may not. */
static inline bool virtio_ring_is_broken(const virtio_ring_t *self)
{
	return self->is_broken;
}

/** Whether nothing is under way. */
static inline bool virtio_ring_is_idle(const virtio_ring_t *self)
{
	return !self->under_way;
}

/** Ask for an interrupt at the next use. @return whether there is something to take already, of which none may come */
bool virtio_ring_enable_interrupts(virtio_ring_t *self);

/** Ask for none; one may come all the same. */
void virtio_ring_disable_interrupts(virtio_ring_t *self);

/** After the device was reset, so that it uses nothing any more: take back any one request. @return its token, or NULL */
void *virtio_ring_detach(virtio_ring_t *self);

#pragma GCC visibility pop
