/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TCP socket over lwIP. lwIP's callbacks come with the protocols' lock held, and find the socket by the pcb's argument; a
 * pcb that is on its own (closed, or in TIME_WAIT) has none. What they leave for the socket's user lies under the lock of
 * the socket's events.
 */
#pragma once

#include "stack.h"

#include <axnet/tcp.h>
#include <lwip/tcp.h>

typedef enum socket_state {
	SOCKET_NEW,
	SOCKET_LISTENING,
	SOCKET_CONNECTING,
	SOCKET_CONNECTED,
	SOCKET_FAILED,
} socket_state_t;

struct ax_tcp {
	axnet_events_t events;

	/* The protocols' lock. */
	struct tcp_pcb *pcb;          /* NULL: not yet, or gone */
	socket_state_t state;            /* may be looked at without the lock */
	ax_ip_family_t family;
	bool no_delay, no_more_sending, no_more_receiving;
	uint32_t keep_idle_ms, keep_interval_ms, keep_count;
	ax_net_marks_t marks;
	uint32_t receive_bytes, send_bytes; /* buffers, as they were set */
	uint32_t withheld;             /* of lwIP's window: tcp_buffers.c */
	uint64_t queued, acknowledged; /* bytes sent, since the beginning */
	uint64_t lent;                 /* `queued` behind the last byte that was lent */
	ax_endpoint_t local, remote;   /* once it is connected */
	ax_tcp_t *listener;            /* whose queue it is in */

	/* The events' lock. */
	struct pbuf *first, *last;     /* received, each with one reference, linked by next alone */
	size_t available;              /* bytes in them, but for what was read of the first */
	ax_err_t error;                /* not told yet */
	ax_tcp_t *accept_first, *accept_last; /* of a listener: connections to be accepted */
	unsigned accept_count, backlog;

	/* Of who receives. */
	size_t offset;                 /* bytes of the first pbuf that have been read */
	ax_tcp_t *next;                /* in a listener's queue: its events' lock */
};

/** A socket without a pcb, or NULL. */
ax_tcp_t *axnet_tcp_alloc(ax_ip_family_t family);

/** Make @p pcb, which is connected or connects, the socket's. Lock held. */
void axnet_tcp_attach(ax_tcp_t *tcp, struct tcp_pcb *pcb);

/** The pcb goes on by itself. Lock held. */
void axnet_tcp_detach(struct tcp_pcb *pcb);

/** A pcb for a socket that has none yet. Lock held. */
ax_err_t axnet_tcp_make_pcb(ax_tcp_t *tcp, ax_ip_family_t family);

/** Release what was received. Lock held; nobody else knows the socket. */
void axnet_tcp_drop_received(ax_tcp_t *tcp);

/** Of a listener: reset what waits to be accepted. Lock held. */
void axnet_tcp_drop_accepted(ax_tcp_t *tcp);

/** lwIP's callback for what has arrived (tcp_data.c). */
err_t axnet_tcp_on_receive(void *argument, struct tcp_pcb *pcb, struct pbuf *pbuf, err_t error);

/** Have a fresh connection's buffers be as they were set. Lock held. */
void axnet_tcp_apply_buffers(ax_tcp_t *tcp);

/** The reader has read @p bytes: open the window by them. Lock held; there is a pcb. */
void axnet_tcp_open_window(ax_tcp_t *tcp, size_t bytes);

/** lwIP's window is whole again, if @p pcb is the socket's, which is to be closed: what is missing would be bytes that nobody
 *  has read. Lock held. */
void axnet_tcp_release_window(ax_tcp_t *tcp, struct tcp_pcb *pcb);

/** Bytes that may be sent now. Lock held; there is a pcb. */
size_t axnet_tcp_send_room(const ax_tcp_t *tcp);

/** Whether the socket takes more to be sent: what AX_NET_WRITABLE says. Lock held. */
bool axnet_tcp_has_room(const ax_tcp_t *tcp);
