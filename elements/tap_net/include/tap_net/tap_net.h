/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TAP device of a Linux host (Documentation/networking/tuntap.rst) as network interface. The kernel hands frames over with
 * a virtio-net header (virtio 1.2, 5.1.6): checksums need not be summed on either way, TCP segments may be up to 64 KiB long.
 * A received frame lies in as many pieces of memory as it needs, each of TAP_NET_PIECE_BYTES.
 *
 * Locks and context: as driver_net says.
 */
#pragma once

#include <driver_net/driver_net.h>

#pragma GCC visibility push(default)

enum {
	TAP_NET_PIECE_BYTES = 4096,
	TAP_NET_PIECES_MIN = 64,    /* with less memory than so many pieces there is no device */
	TAP_NET_PIECES_MAX = 1024,
	TAP_NET_NAME_BYTES = 16,    /* of an interface's name with its NUL, IFNAMSIZ */
};

/** A piece: what driver_net sees of it, and its bytes. Their start is chosen so that the IP header is aligned. */
typedef struct tap_net_piece {
	net_buffer_t buffer;
	struct tap_net_piece *next_free;
	uint8_t bytes[TAP_NET_PIECE_BYTES - sizeof(net_buffer_t) - sizeof(void *)];
} tap_net_piece_t;
_Static_assert(sizeof(tap_net_piece_t) == TAP_NET_PIECE_BYTES, "pieces are pages");

typedef struct tap_net {
	net_device_t device;
	char name[TAP_NET_NAME_BYTES];
	int fd;
	size_t free_count;
	tap_net_piece_t *first_free;
	uint64_t dropped;           /* frames that the host did not take, or that made no sense */
} tap_net_t;

/**
 * Attach to the host's TAP device @p name, which is made if there is none and the host lets us. Thread context.
 * @param name    cut to 15 bytes
 * @param memory  for received frames, page-aligned; must outlive @p self
 * @param bytes   of it, TAP_NET_PIECES_MIN pieces at least
 * @retval AX_ERR_INVALID_INPUT  too little memory
 * @retval AX_ERR_NO_DEVICE      the host has no /dev/net/tun
 * @retval AX_ERR_ACCESS_DENIED  the host does not let us use or make the device
 * @retval AX_ERR_BUSY           somebody else is attached to it
 * @retval AX_ERR_NOT_SUPPORTED  the host's TAP devices lack virtio-net headers
 */
ax_err_t tap_net_init(tap_net_t *self, const char *name, void *memory, size_t bytes);

#pragma GCC visibility pop
