/* SPDX-License-Identifier: Apache-2.0 */
/* UDP (RFC 768): datagrams. Waiting, locks and context: axnet.h. */
#pragma once

#include <axnet/axnet.h>

#pragma GCC visibility push(default)

typedef struct ax_udp ax_udp_t;

/** The longest datagram, IPv4. */
#define AX_UDP_BYTES_MAX 65507u

/** A socket of @p family. @retval AX_ERR_NO_MEMORY  no memory */
ax_err_t ax_udp_new(ax_ip_family_t family, ax_udp_t **udp);

/** Release; NULL does nothing. */
void ax_udp_close(ax_udp_t *udp);

/** As ax_tcp_bind(); @p reuse: also one that others have that say so too. */
ax_err_t ax_udp_bind(ax_udp_t *udp, const ax_endpoint_t *local, bool reuse);

/** Send to, and receive from, @p remote alone; NULL: from all again. @retval AX_ERR_NETWORK_UNREACHABLE  no way leads there */
ax_err_t ax_udp_connect(ax_udp_t *udp, const ax_endpoint_t *remote);

/**
 * Send one datagram of all the pieces; it does not wait.
 * @param remote  NULL: the one that it is connected to
 * @retval AX_ERR_NO_DESTINATION       nor is there one
 * @retval AX_ERR_MESSAGE_TOO_LONG     longer than AX_UDP_BYTES_MAX
 * @retval AX_ERR_NETWORK_UNREACHABLE  no way leads there
 * @retval AX_ERR_NO_BUFFERS           no memory, or the interface's queue is full
 */
ax_err_t ax_udp_send_pieces(ax_udp_t *udp, const ax_net_piece_t *pieces, size_t count, const ax_endpoint_t *remote);

static inline ax_err_t ax_udp_send(ax_udp_t *udp, const void *data, size_t bytes, const ax_endpoint_t *remote)
{
	ax_net_piece_t piece = { data, bytes };
	return ax_udp_send_pieces(udp, &piece, 1, remote);
}

/**
 * Receive one datagram.
 * @param bytes  its length; what is beyond @p capacity is lost
 * @param from   may be NULL
 */
ax_err_t ax_udp_receive(ax_udp_t *udp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *bytes, ax_endpoint_t *from);

/** As ax_udp_receive(), but the datagram stays. */
ax_err_t ax_udp_peek(ax_udp_t *udp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *bytes, ax_endpoint_t *from);

/** A received datagram where the interface put it, in one or more parts. */
typedef struct ax_udp_loan ax_udp_loan_t;

/** Take the next datagram without a copy; give it back by ax_udp_return(). */
ax_err_t ax_udp_borrow(ax_udp_t *udp, uint64_t deadline_ns, ax_udp_loan_t **loan);
void ax_udp_return(ax_udp_loan_t *loan);

/** Its sender, its length, and the part that follows @p part (NULL: the first); NULL behind the last. */
const ax_endpoint_t *ax_udp_loan_from(const ax_udp_loan_t *loan);
size_t ax_udp_loan_bytes(const ax_udp_loan_t *loan);
const void *ax_udp_loan_part(const ax_udp_loan_t *loan, const void *part, size_t *bytes);

/** Describe all of it, as ax_udp_send_pieces() has it. @return how many pieces, at most @p capacity */
static inline size_t ax_udp_loan_pieces(const ax_udp_loan_t *loan, ax_net_piece_t *pieces, size_t capacity)
{
	const void *part = NULL;
	size_t count = 0;
	while (count < capacity && (part = ax_udp_loan_part(loan, part, &pieces[count].bytes)))
		pieces[count++].start = part;
	return count;
}

/** Length of the next datagram, 0 without one. */
size_t ax_udp_available(ax_udp_t *udp);

void ax_udp_local(ax_udp_t *udp, ax_endpoint_t *local);
/** @retval AX_ERR_NOT_CONNECTED  it is not */
ax_err_t ax_udp_remote(ax_udp_t *udp, ax_endpoint_t *remote);

/** Whether it may send to every machine of the wire. */
void ax_udp_set_broadcast(ax_udp_t *udp, bool allowed);

/** How many bytes wait at most to be received, cut to what axnet.h says; each datagram counts 128 more than it has. */
void ax_udp_set_buffer(ax_udp_t *udp, size_t receive_bytes);

/** Of the packets to come. */
void ax_udp_set_marks(ax_udp_t *udp, const ax_net_marks_t *marks);

/**
 * Receive what is sent to a multicast group, or not any more; closing leaves it, too.
 * @retval AX_ERR_INVALID_INPUT          it is no group, or no interface knows groups
 * @retval AX_ERR_ADDRESS_IN_USE         the socket is a member
 * @retval AX_ERR_ADDRESS_NOT_AVAILABLE  it is none
 * @retval AX_ERR_NO_MEMORY              no memory
 */
ax_err_t ax_udp_join(ax_udp_t *udp, const ax_ip_t *group, bool member);

unsigned ax_udp_ready(const ax_udp_t *udp);
void ax_udp_watch(ax_udp_t *udp, ax_net_watch_t *watch, void *context);
ax_err_t ax_udp_take_error(ax_udp_t *udp);

static inline void ax_udp_leave_scope(ax_udp_t **udp)
{
	ax_udp_close(*udp);
}

/** `AX_SCOPED_UDP socket = NULL;` is closed when its scope is left. */
#define AX_SCOPED_UDP __attribute__((cleanup(ax_udp_leave_scope))) ax_udp_t *

#pragma GCC visibility pop
