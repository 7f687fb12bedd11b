/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network: what all sockets share. tcp.h, udp.h and dns.h hold the calls.
 *
 * Sockets are objects, no numbers. A call that may wait takes a deadline of axhal_now_ns(): AX_NET_FOREVER, a time, or
 * AX_NET_TRY, with which it does not wait but fails with AX_ERR_WOULD_BLOCK. Others fail with AX_ERR_TIMED_OUT when the
 * deadline passes, and with AX_ERR_INTERRUPTED when axtask_notify() ends the wait; then nothing has happened.
 *
 * Locks: the protocols have one, a mutex, that is held while packets are processed and while data is put into their queues,
 * never while somebody waits. What has arrived lies in the socket, under the socket's own lock: who reads or accepts takes it
 * out under that alone, and copies it with no lock held. One thread at a time may receive from a socket, and one send to it;
 * both at the same time, and any number of sockets. Closing is for who uses the socket last. Thread context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <ip_address/ip_address.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

#define AX_NET_TRY     UINT64_C(0)
#define AX_NET_FOREVER UINT64_MAX

/** What a socket is ready for; bits. */
enum {
	AX_NET_READABLE = 1,  /* receiving or accepting would not wait */
	AX_NET_WRITABLE = 2,  /* sending would not wait; for one that connects: it has */
	AX_NET_ENDED = 4,     /* the peer sends no more: receiving gives what is left, then 0 bytes */
	AX_NET_FAILED = 8,    /* the connection is gone */
};

/** A piece of memory to be sent. */
typedef struct ax_net_piece {
	const void *start;
	size_t bytes;
} ax_net_piece_t;

/** What a socket's packets say in their IP header, and who gets those to a group. */
typedef struct ax_net_marks {
	uint8_t hops;            /* TTL, hop limit */
	uint8_t service;         /* type of service, traffic class (RFC 2474) */
	uint8_t multicast_hops;  /* in place of `hops`, to a group; 0: to this machine alone */
	bool multicast_loops;    /* what is sent to a group that this machine is in comes back to it */
} ax_net_marks_t;

/** Those of a fresh socket (RFC 1112, 6.1). */
#define AX_NET_MARKS ((ax_net_marks_t){ .hops = 64, .multicast_hops = 1, .multicast_loops = true })

/** Bytes that a socket holds for its reader, and of a TCP socket's until the peer has them: at least, and at most and at first. */
enum { AX_NET_BUFFER_MIN = 16 * 1024, AX_NET_BUFFER_MAX = 512 * 1024 };

/** Called when a socket's readiness has changed, with all that it is ready for now: any context, interrupts masked, the
 *  socket's lock held. It must neither sleep nor call anything about the socket. */
typedef void ax_net_watch_t(void *context, unsigned ready);

/** How this machine is known. */
typedef struct ax_net_status {
	const char *interface;    /* "tap0"; NULL: there is none but the machine itself */
	uint8_t mac[6];
	unsigned mtu;             /* bytes of a packet */
	bool is_up;               /* the link is there */
	ax_ip_t ip, mask, gateway, name_server; /* unspecified: not known (yet) */
} ax_net_status_t;

/**
 * Start the network: once, with threads running. The environment says how the interface is set up: AX_IP=A.B.C.D/N and
 * AX_GATEWAY=A.B.C.D, AX_DNS=A.B.C.D; without AX_IP by DHCP (RFC 2131). What is wrong there is logged and left out.
 */
void axnet_init(void);

/**
 * The end of the network, before power is lost: connections are closed, and what was sent gets a second, again whenever a peer
 * confirms some of it, ten at most; what is left then is reset. No call of the network's returns any more, those of other
 * threads neither. Returns when the interface has read all that it was handed. Thread context, once.
 */
void axnet_end(void);

/** Wait until the interface has an address. @retval AX_ERR_NO_DEVICE  there is no interface */
ax_err_t ax_net_wait_configured(uint64_t deadline_ns);

/** Take in what has arrived. Who waits for a socket does so by itself; this is for who asks several sockets before waiting. */
void ax_net_take_in(void);

void ax_net_status(ax_net_status_t *status);

/** What the network holds now. */
typedef struct ax_net_usage {
	size_t connections;  /* of TCP, from the handshake on, until both sides have closed */
	size_t half_open;    /* of these, whose handshake is not done */
	size_t time_wait;    /* remembered beside them, so that stray segments harm nobody (RFC 9293, 3.6.1) */
	size_t listeners;
	size_t lent;         /* the interface's buffers that received data lies in */
	size_t unread;       /* frames that the interface has been handed and has not read yet */
	uint64_t dropped;    /* received frames that made no sense, or for which there was no memory */
} ax_net_usage_t;

void ax_net_usage(ax_net_usage_t *usage);

#pragma GCC visibility pop
