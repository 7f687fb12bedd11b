/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network card 82574 of Intel (82574 GbE Controller Family Datasheet, revision 3.4; sections below are its), which QEMU has as
 * e1000e: one ring each way. Frames are received into buffers that are lent up, sent from where they lie; the card sums
 * checksums of TCP and UDP, and cuts TCP frames of up to 64 KiB into segments.
 *
 * The card is not trusted: a frame that makes no sense is dropped, and what it says of a descriptor is looked at once.
 *
 * Locks and context: as driver_net says; e1000e_interrupt() at any time.
 */
#pragma once

#include <driver_net/driver_net.h>

#pragma GCC visibility push(default)

enum {
	E1000E_VENDOR = 0x8086,
	E1000E_DEVICE = 0x10d3,
	E1000E_RING = 256,          /* descriptors of each ring */
	E1000E_BUFFER_BYTES = 2048, /* that the card may write into a buffer */
	E1000E_HEADER_BYTES = 128,  /* of a frame to be cut: Ethernet, IP, TCP */
};

/** Section 7.1.4, the legacy one. */
typedef struct e1000e_receive_descriptor {
	uint64_t address;
	uint16_t bytes, checksum;
	uint8_t status, errors;
	uint16_t special;
} e1000e_receive_descriptor_t;

/** Sections 7.2.10.2 and 7.2.11.2: a context or a piece of a frame. */
typedef struct e1000e_transmit_descriptor {
	uint64_t address;
	uint32_t command, options;
} e1000e_transmit_descriptor_t;

_Static_assert(sizeof(e1000e_receive_descriptor_t) == 16 && sizeof(e1000e_transmit_descriptor_t) == 16, "section 7");

/** A buffer to receive into. Its start is chosen so that the IP header is aligned. */
typedef struct e1000e_piece {
	net_buffer_t buffer;
	uint8_t bytes[2 + E1000E_BUFFER_BYTES];
} e1000e_piece_t;

/** What a frame under way keeps; that of its last descriptor is looked at. */
typedef struct e1000e_slot {
	void *cookie;                         /* NULL: not a frame's last descriptor */
	uint8_t headers[E1000E_HEADER_BYTES]; /* of a frame to be cut, as the card wants them */
} e1000e_slot_t;

typedef struct e1000e {
	net_device_t device;
	void *registers;
	e1000e_receive_descriptor_t *receive;
	e1000e_transmit_descriptor_t *transmit;
	e1000e_piece_t *pieces;
	e1000e_piece_t *offered[E1000E_RING]; /* by receive descriptor; NULL: it has none */
	e1000e_slot_t *slots;                 /* by transmit descriptor */
	uint32_t receive_next, receive_tail, receive_told;    /* indices: to be looked at, to be filled, told to the card */
	uint32_t transmit_next, transmit_tail, transmit_told; /* to be reclaimed, to be filled, told to the card */
	uint64_t context;                     /* the checksum's places that the card has been told last */
	uint64_t dropped;                     /* received frames that made no sense */
} e1000e_t;

/**
 * Start the card. Thread context.
 * @param registers  its registers, mapped, for the glue
 * @param name       "eth0"; as long-lived as @p self
 * @retval AX_ERR_NO_MEMORY      none for the rings
 * @retval AX_ERR_NOT_SUPPORTED  it has no address
 * @retval AX_ERR_IO             it does not come out of its reset
 */
ax_err_t e1000e_init(e1000e_t *self, void *registers, const char *name);

/**
 * The card has raised its interrupt, or another one on the same line: calls the user's notify() if it was the card. It raises none
 * again before net_device_arm(). Any context.
 */
void e1000e_interrupt(e1000e_t *self);

#pragma GCC visibility pop
