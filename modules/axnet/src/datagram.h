/* SPDX-License-Identifier: Apache-2.0 */
/* What UDP sockets of both stacks have in common: who waits to be received. A stack's socket and its loan have these inside. */
#pragma once

#include "events.h"

#include <axnet/udp.h>

struct ax_udp {
	axnet_events_t events;
	ax_endpoint_t remote;        /* port 0: not connected. The protocols' lock */
	ax_udp_loan_t *first, *last; /* the events' lock, and the next one */
	size_t waiting_bytes, waiting_bytes_max; /* the second is looked at without a lock */
};

/* Of the stack: how loans are linked, and the end of one, with the protocols' lock held. */
ax_udp_loan_t *axnet_loan_next(const ax_udp_loan_t *loan);
void axnet_loan_link(ax_udp_loan_t *loan, ax_udp_loan_t *next);
void axnet_loan_free(ax_udp_loan_t *loan);

/** A fresh socket, which is the first member of @p size zeroed bytes; or NULL. */
ax_udp_t *axnet_udp_alloc(size_t size);

/** Whether a datagram of so many bytes may wait. It is looked at without a lock: a few more may. */
bool axnet_udp_has_room(const ax_udp_t *udp, size_t bytes);

/** A datagram has arrived. */
void axnet_udp_queue(ax_udp_t *udp, ax_udp_loan_t *loan);

/** Free what waits. The protocols' lock; nobody else knows the socket. */
void axnet_udp_drop(ax_udp_t *udp);

/** Bytes of all pieces; and copy them to @p to. */
size_t axnet_pieces_bytes(const ax_net_piece_t *pieces, size_t count);
void axnet_pieces_copy(const ax_net_piece_t *pieces, size_t count, void *to);
