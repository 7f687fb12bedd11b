/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Virtio network cards (VirtIO 1.2, section 5.1). Received frames lie in as many pieces of memory as they
 * need, where the device has mergeable buffers; else each in one, and none is longer than the MTU allows. Sent frames are
 * read by the device where they lie.
 *
 * With feature `multi_queue` there are up to VIRTIO_NET_PAIRS pairs of queues (section 5.1.6.5.5). All are looked at from the
 * start; a connection's frames leave by the pair that its addresses and ports choose, in order, and by the first until the
 * card has said that it takes the others.
 *
 * The device is not trusted: lengths and counts that cannot be cost a frame, or end the ring's use (virtio_ring.h).
 *
 * Locks and context: as driver_net says; virtio_net_interrupt() at any time.
 */
#pragma once

#include <driver_net/driver_net.h>
#include <virtio_device/virtio_device.h>
#include <virtio_net/features.h>
#include <virtio_ring/virtio_ring.h>

#pragma GCC visibility push(default)

enum {
	VIRTIO_NET_PAIRS = VIRTIO_NET_FEATURE_MULTI_QUEUE ? 4 : 1,
	VIRTIO_NET_QUEUE = 256,         /* pieces to receive into, and frames under way, at most, of a pair */
	VIRTIO_NET_PIECE_BYTES = 4096,
};

/* Section 5.1.6. */
typedef struct virtio_net_hdr {
	uint8_t flags, gso_type;
	uint16_t hdr_len, gso_size, csum_start, csum_offset;
	uint16_t num_buffers;
} virtio_net_hdr_t;
_Static_assert(sizeof(virtio_net_hdr_t) == 12, "section 5.1.6");

typedef struct virtio_net_pair virtio_net_pair_t;

/** A piece to receive into. Its start is chosen so that behind both headers the IP header is aligned. */
typedef struct virtio_net_piece {
	net_buffer_t buffer;
	virtio_net_pair_t *pair;    /* that it belongs to */
	uint8_t bytes[VIRTIO_NET_PIECE_BYTES - sizeof(net_buffer_t) - sizeof(void *)];
} virtio_net_piece_t;

/** A frame under way. */
typedef struct virtio_net_slot {
	virtio_net_hdr_t header;
	struct virtio_net_slot *next_free;
	void *cookie;
} virtio_net_slot_t;

struct virtio_net_pair {
	virtio_ring_t receive, transmit;
	unsigned unpublished;       /* pieces that the device was given and does not see yet */
	virtio_net_slot_t *free_slot;
	virtio_net_piece_t *pieces;
	virtio_net_slot_t *slots;
};

/** What the card is told by its control queue: section 5.1.6.5. */
typedef struct virtio_net_command {
	uint8_t class, command;
	uint16_t pairs;
	uint8_t answer;             /* of the card */
} virtio_net_command_t;

typedef struct virtio_net {
	net_device_t device;
	virtio_device_t *virtio;
	virtio_net_pair_t pairs[VIRTIO_NET_PAIRS];
	unsigned pair_count;        /* that there are, and are received from */
	unsigned transmit_pairs;    /* that the card takes frames from */
	unsigned turn;              /* the pair that is received from next */
	virtio_ring_t control;
	virtio_net_command_t command;
	bool merges;                /* mergeable receive buffers */
	uint64_t dropped;           /* received frames that made no sense */
} virtio_net_t;

/**
 * Start the device. Thread context.
 * @param name  "eth0"; as long-lived as @p self
 * @retval AX_ERR_NO_MEMORY      none for the queues
 * @retval AX_ERR_NOT_SUPPORTED  the device has no modern interface, or no address of its own
 * @retval AX_ERR_IO             it says of itself what cannot be
 */
ax_err_t virtio_net_init(virtio_net_t *self, virtio_device_t *virtio, const char *name);

/** The device has raised its interrupt: calls the user's notify(). Any context. */
void virtio_net_interrupt(virtio_net_t *self);

#pragma GCC visibility pop
