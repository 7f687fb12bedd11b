/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A network stack for services of datagrams: ARP (RFC 826), IPv4 (RFC 791, 1122), ICMP echo and unreachables (RFC 792), UDP
 * (RFC 768), on one interface with a fixed address; and 127.0.0.0/8. It is driven by whoever calls udp_net_poll(): no thread,
 * no lock, no waiting.
 *
 * A received datagram is the frame that it came in, lent by the device, and a note of its sender that lies in the frame's own
 * room: no copy, no allocation. Beyond three quarters of the device's buffers frames are copied, so that slow readers do not
 * starve it. A datagram to be sent is written once, where the device reads it.
 *
 * Fragments are put together for FRAGMENTED_MAX datagrams at a time, the oldest giving way, and for 30 s each; a datagram
 * whose fragments overlap is dropped (as RFC 5722 has it for IPv6). Options are passed over. There is no IGMP, no routing for
 * others, no path MTU discovery.
 *
 * One lock of the user's serializes all calls about a stack, but for udp_net_packet_new(). Thread context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <driver_net/driver_net.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum {
	UDP_NET_PAYLOAD_MAX = 65507, /* of a datagram */
	UDP_NET_NEIGHBOURS = 32,
	UDP_NET_NEIGHBOUR_QUEUE = 16, /* packets that wait for a neighbour's address */
	UDP_NET_FRAGMENTED_MAX = 4,  /* datagrams that are put together at a time */
	UDP_NET_PORTS = 64,          /* lists of sockets, by port */
};

/** An IPv4 address as it lies in a packet. */
typedef uint32_t udp_net_ip_t;

/** A received datagram. It belongs to who was given it, until udp_net_release(). It is the beginning of a net_buffer_t's
 *  `holder`: what is behind it there is the holder's. */
typedef struct udp_net_datagram {
	struct udp_net_datagram *next; /* the holder's */
	udp_net_ip_t from, to;
	uint16_t from_port, to_port;   /* in the machine's order */
	uint16_t bytes;                /* of payload */
	uint16_t offset;               /* of the payload in the first piece */
} udp_net_datagram_t;
_Static_assert(sizeof(udp_net_datagram_t) <= sizeof(((net_buffer_t *)0)->holder), "a note fits into the holder's room");

/** One end of conversations. The user fills `deliver` and zeroes the rest. */
typedef struct udp_net_socket {
	/** A datagram has come, and is the socket's. It may call udp_net_release(), nothing else of the stack's. */
	void (*deliver)(struct udp_net_socket *self, udp_net_datagram_t *datagram);
	bool may_broadcast;
	uint8_t ttl, service;             /* of its packets' IP headers; ttl 0: 64 */

	/* The stack's; to be read. */
	udp_net_ip_t local, remote;       /* 0: any, and not connected */
	uint16_t local_port, remote_port; /* 0: not bound, and not connected */
	bool shares;                      /* its port with others that do, too */
	struct udp_net_socket *next;
} udp_net_socket_t;

/** A datagram on its way out. */
typedef struct udp_net_packet udp_net_packet_t;

typedef enum udp_net_neighbour_state {
	NEIGHBOUR_FREE,
	NEIGHBOUR_ASKED, /* nothing is known of it yet */
	NEIGHBOUR_KNOWN,
	NEIGHBOUR_STALE, /* known, and asked again */
} udp_net_neighbour_state_t;

typedef struct udp_net_neighbour {
	udp_net_ip_t ip;
	udp_net_neighbour_state_t state;
	uint8_t address[NET_ADDRESS_BYTES];
	uint8_t questions;                 /* without an answer */
	unsigned waiting;
	uint64_t since_ns;                 /* when the state began, or was confirmed */
	udp_net_packet_t *first, *last;    /* `waiting` packets */
} udp_net_neighbour_t;

/** A datagram of which some fragments are here. */
typedef struct udp_net_fragmented {
	net_buffer_t *whole;               /* NULL: this one is free */
	udp_net_ip_t from, to;
	uint16_t id;
	uint8_t protocol;
	uint32_t bytes, end, received;     /* of the payload: all, known with the last fragment; the furthest here; here */
	uint64_t since_ns;
} udp_net_fragmented_t;

/** A stack. All is its own; the counters may be read. */
typedef struct udp_net {
	net_device_t *device;
	udp_net_ip_t ip, mask, gateway;
	udp_net_socket_t *ports[UDP_NET_PORTS];
	udp_net_neighbour_t neighbours[UDP_NET_NEIGHBOURS];
	udp_net_fragmented_t fragmented[UDP_NET_FRAGMENTED_MAX];
	udp_net_packet_t *loop_first, *loop_last; /* to this machine itself */
	unsigned unread;           /* frames that the device has been handed and has not read yet */
	bool kick;                 /* the device has frames that it was not told of */
	unsigned lent, lent_max;   /* the device's buffers that are out, and from when on frames are copied */
	uint16_t next_id;
	uint64_t tick_ns, error_ns; /* when neighbours are asked again; when an ICMP error may be sent */
	uint64_t dropped;          /* received frames that made no sense, or for which there was no memory or no socket */
} udp_net_t;

/**
 * Start. @p self and @p device must outlive the use of the network.
 * @param device   NULL: only this machine itself can be reached
 * @param ip, mask, gateway  the interface's; gateway 0: there is none
 */
void udp_net_init(udp_net_t *self, net_device_t *device, udp_net_ip_t ip, udp_net_ip_t mask, udp_net_ip_t gateway);

/** Take in what has arrived, at most @p budget frames; run what is due; hand out what is to be sent. @return how many frames */
size_t udp_net_poll(udp_net_t *self, size_t budget);

/** After sending: packets to this machine itself arrive, and the device is told of the others. */
void udp_net_flush(udp_net_t *self);

/** When udp_net_poll() is due for time's sake; UINT64_MAX: never. Sending may bring it forward. */
uint64_t udp_net_deadline_ns(const udp_net_t *self);

/**
 * Take a local address and port, 0 for any and for a free one.
 * @param shares  with other sockets that say so too
 * @retval AX_ERR_INVALID_INPUT          it has one
 * @retval AX_ERR_ADDRESS_NOT_AVAILABLE  @p ip is not this machine's
 * @retval AX_ERR_ADDRESS_IN_USE         somebody has the port, or there is no free one
 */
ax_err_t udp_net_bind(udp_net_t *self, udp_net_socket_t *socket, udp_net_ip_t ip, uint16_t port, bool shares);

/**
 * Receive from this end alone; @p ip and @p port 0: from all again. Binds to a free port, if need be.
 * @retval AX_ERR_NETWORK_UNREACHABLE  no way leads there
 * @retval AX_ERR_ADDRESS_IN_USE       there is no free port
 */
ax_err_t udp_net_connect(udp_net_t *self, udp_net_socket_t *socket, udp_net_ip_t ip, uint16_t port);

/** Give the port back: nothing is delivered any more. */
void udp_net_unbind(udp_net_t *self, udp_net_socket_t *socket);

/** Memory for a datagram with @p bytes of payload, at most UDP_NET_PAYLOAD_MAX; NULL: there is none. Without the lock. */
udp_net_packet_t *udp_net_packet_new(const udp_net_t *self, size_t bytes);

/** Where its payload is to be written. */
void *udp_net_packet_payload(udp_net_packet_t *packet);

/**
 * Send it, in fragments if it is longer than the interface carries. The packet is the stack's, whatever is returned. Binds to
 * a free port, if need be.
 * @retval AX_ERR_NETWORK_UNREACHABLE  no way leads to @p ip
 * @retval AX_ERR_ACCESS_DENIED        it is a broadcast, and the socket may not
 * @retval AX_ERR_INVALID_INPUT        port 0
 * @retval AX_ERR_ADDRESS_IN_USE       there is no free port
 * @retval AX_ERR_NO_BUFFERS           the device's queue is full
 */
ax_err_t udp_net_send(udp_net_t *self, udp_net_socket_t *socket, udp_net_packet_t *packet, udp_net_ip_t ip, uint16_t port);

/** The part of the payload that follows @p part (NULL: the first); NULL behind the last. No lock. */
const void *udp_net_datagram_part(const udp_net_datagram_t *datagram, const void *part, size_t *bytes);

/** Give it back. */
void udp_net_release(udp_net_t *self, udp_net_datagram_t *datagram);

#pragma GCC visibility pop
