/* SPDX-License-Identifier: Apache-2.0 */
/* What driver_net.h tells of: devices, buffers, frames, and the functions about these alone. */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <driver_net/features.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum {
	NET_ADDRESS_BYTES = 6,   /* of a MAC address */
	NET_HEADER_BYTES = 14,   /* of Ethernet: destination, source, type */
	NET_MTU = 1500,          /* what every interface carries behind that header */
	NET_SEGMENTS_MAX = 32,   /* that every driver takes in a frame */
	NET_FRAME_BYTES_MAX = 65535 + NET_HEADER_BYTES, /* of one that the device segments, or has put together */
	NET_HOLDER_WORDS = 8,
};

/** What a device does in place of the stack; bits. */
typedef enum net_offload {
	NET_OFFLOAD_TX_CHECKSUM = 1, /* takes frames with NET_FRAME_CHECKSUM */
	NET_OFFLOAD_RX_CHECKSUM = 2, /* may mark frames as NET_BUFFER_CHECKED */
	NET_OFFLOAD_TSO4 = 4,        /* takes frames with segment_bytes: TCP over IPv4 */
	NET_OFFLOAD_TSO6 = 8,        /* and over IPv6 */
	NET_OFFLOAD_LRO = 16,        /* may put received TCP segments together: frames exceed the MTU */
	NET_OFFLOAD_RX_CHAINS = 32,  /* frames may come in several pieces (mergeable receive buffers) */
	NET_OFFLOAD_UFO = 64,        /* takes frames with NET_FRAME_UDP */
} net_offload_t;

/** Flags of a received frame. */
enum {
	NET_BUFFER_CHECKED = 1, /* the TCP or UDP checksum needs no looking at: it is good, or the frame never left a machine */
};

/**
 * A received frame, or a piece of one. It is the driver's and lent: from net_device_receive() to net_device_return() the
 * holder may read and write the bytes and `holder`. What stands behind `bytes` is told by the first piece only.
 */
typedef struct net_buffer {
	struct net_buffer *next;  /* the next piece of the frame, or NULL */
	uint8_t *data;
	uint32_t bytes;           /* of this piece */
	uint32_t frame_bytes;     /* of all pieces */
	uint16_t segment_bytes;   /* TCP payload of the segments that were put together; 0: the frame is as it came */
	uint16_t flags;
	uint64_t holder[NET_HOLDER_WORDS]; /* of who has it: what a stack needs to keep about a piece */
} net_buffer_t;

/** A piece of a frame to be sent, of any alignment; not empty. */
typedef struct net_segment {
	const void *start;
	size_t bytes;
} net_segment_t;

/** Flags of a frame to be sent. */
enum {
	NET_FRAME_CHECKSUM = 1, /* the device sums from checksum_start on, and puts the result checksum_offset behind it */
	NET_FRAME_IPV6 = 2,     /* with segment_bytes: TCP over IPv6, not IPv4 */
	NET_FRAME_UDP = 4,      /* with segment_bytes: UDP over IPv4, to be cut into IP fragments with so much behind their header */
};

/**
 * A frame to be sent, headers included. The structure and its array of segments are read by net_device_transmit() only;
 * the memory that they describe, until the frame is sent.
 */
typedef struct net_frame {
	const net_segment_t *segments;
	size_t segment_count;     /* 1 to NET_SEGMENTS_MAX */
	void *cookie;             /* for net_device_t.sent; not NULL */
	uint16_t flags;
	/* With NET_FRAME_CHECKSUM; the field holds the sum of the pseudo header already (RFC 9293, 3.1) and is in the first
	 * segment. From the frame's first byte. */
	uint16_t checksum_start, checksum_offset;
	/* Not 0: a TCP segment to be cut into ones of this much payload, each with the header_bytes that the frame begins
	 * with (Ethernet, IP, TCP), lengths, numbers and checksums made right. Needs NET_FRAME_CHECKSUM. */
	uint16_t segment_bytes, header_bytes;
} net_frame_t;

typedef enum net_result {
	NET_SENT,    /* the memory is the caller's again; sent() is not called */
	NET_QUEUED,  /* sent() will be called */
	NET_FULL,    /* nothing happened: reclaim, or try again later */
} net_result_t;

struct net_ops;

/** A device. A driver has it inside its own structure and fills the first part; its one user fills the second. */
typedef struct net_device {
#if DRIVER_NET_FEATURE_DYN
	const struct net_ops *ops;
#endif
	const char *name;                   /* "eth0", for messages; as long-lived as the device */
	uint8_t address[NET_ADDRESS_BYTES]; /* MAC */
	uint16_t mtu;                       /* bytes behind the Ethernet header; at least 576 */
	uint32_t offloads;                  /* net_offload_t, those in force */
	uint16_t receive_buffers;           /* how many it can lend at a time; who holds most of them receives no more */
	bool link_is_up;                    /* may change at any time; notify() tells */

	/** A frame that was queued has been read: within net_device_reclaim(), which may not be entered from here. */
	void (*sent)(struct net_device *self, void *cookie);
	/** Something arrived after net_device_arm(), or the link changed. Any context, interrupts too. NULL: not wanted. */
	void (*notify)(struct net_device *self);
	void *context;                      /* the user's */
} net_device_t;

/** Sum @p bytes as RFC 1071 does, onto @p sum; 16-bit words in the machine's order, a last odd byte padded with zero.
 *  Add parts of even length one after the other, then net_checksum_fold(). Any context. */
uint64_t net_checksum_add(uint64_t sum, const void *data, size_t bytes);

/** The one's complement sum in 16 bits, not complemented: stored as it is in memory, it is in network order. */
static inline uint16_t net_checksum_fold(uint64_t sum)
{
	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	return (uint16_t)sum;
}

/** Bytes of the frame, all segments together. Any context. */
size_t net_frame_bytes(const net_frame_t *frame);

/** Copy the whole frame to @p to, which has room for net_frame_bytes(). Any context. */
void net_frame_copy(const net_frame_t *frame, void *to);

/**
 * Do what NET_FRAME_CHECKSUM asks on a copy of the frame, for a device that cannot. Any context.
 * @param copy   of net_frame_copy(), @p bytes long
 * @return false  the frame's checksum fields point outside it: @p copy is untouched
 */
bool net_frame_checksum(const net_frame_t *frame, void *copy, size_t bytes);

#pragma GCC visibility pop
