/* SPDX-License-Identifier: Apache-2.0 */
/* UDP sockets on the datagram stack. What has arrived waits in the frame that it came in, which bears the note of its sender. */
#include "../datagram.h"
#include "stack.h"

#include <axalloc/axalloc.h>
#include <base/base.h>
#include <memstr/memstr.h>

typedef struct socket {
	ax_udp_t udp;
	udp_net_socket_t socket;            /* the protocols' lock */
} socket_t;

/* Lies where the datagram's note does, and goes on behind it. */
struct ax_udp_loan {
	udp_net_datagram_t datagram;
	ax_endpoint_t from;
};
_Static_assert(sizeof(ax_udp_loan_t) <= sizeof(((net_buffer_t *)0)->holder), "a loan fits into the holder's room");

static udp_net_socket_t *socket_of(ax_udp_t *udp)
{
	return &container_of(udp, socket_t, udp)->socket;
}

ax_udp_loan_t *axnet_loan_next(const ax_udp_loan_t *loan)
{
	udp_net_datagram_t *next = loan->datagram.next;
	return next ? container_of(next, ax_udp_loan_t, datagram) : NULL;
}

void axnet_loan_link(ax_udp_loan_t *loan, ax_udp_loan_t *next)
{
	loan->datagram.next = next ? &next->datagram : NULL;
}

void axnet_loan_free(ax_udp_loan_t *loan)
{
	udp_net_release(&axnet_udp, &loan->datagram);
}

static ax_endpoint_t endpoint(udp_net_ip_t ip, uint16_t port)
{
	ax_endpoint_t result = { .ip.family = AX_IP_V4, .port = port };
	memcpy(result.ip.bytes, &ip, sizeof ip);
	return result;
}

static udp_net_ip_t address_of(const ax_ip_t *ip)
{
	udp_net_ip_t address;
	memcpy(&address, ip->bytes, sizeof address);
	return address;
}

static void deliver(udp_net_socket_t *socket, udp_net_datagram_t *datagram)
{
	ax_udp_t *udp = &container_of(socket, socket_t, socket)->udp;
	ax_udp_loan_t *loan = container_of(datagram, ax_udp_loan_t, datagram);
	if (!axnet_udp_has_room(udp, datagram->bytes)) {
		udp_net_release(&axnet_udp, datagram);
		return;
	}
	loan->from = endpoint(datagram->from, datagram->from_port);
	axnet_udp_queue(udp, loan);
}

ax_err_t ax_udp_new(ax_ip_family_t family, ax_udp_t **out)
{
	*out = NULL;
	if (family == AX_IP_V6)
		return AX_ERR_ADDRESS_FAMILY;
	ax_udp_t *udp = axnet_udp_alloc(sizeof(socket_t));
	if (!udp)
		return AX_ERR_NO_MEMORY;
	socket_of(udp)->deliver = deliver;
	*out = udp;
	return AX_OK;
}

void ax_udp_close(ax_udp_t *udp)
{
	if (!udp)
		return;
	axnet_lock();
	udp_net_unbind(&axnet_udp, socket_of(udp));
	axnet_udp_drop(udp);
	axnet_unlock();
	axalloc_free(container_of(udp, socket_t, udp));
}

ax_err_t ax_udp_bind(ax_udp_t *udp, const ax_endpoint_t *local, bool reuse)
{
	if (local->ip.family == AX_IP_V6)
		return AX_ERR_INVALID_INPUT;
	axnet_lock();
	ax_err_t error = udp_net_bind(&axnet_udp, socket_of(udp), address_of(&local->ip), local->port, reuse);
	axnet_unlock();
	return error;
}

ax_err_t ax_udp_connect(ax_udp_t *udp, const ax_endpoint_t *remote)
{
	if (remote && remote->ip.family != AX_IP_V4)
		return AX_ERR_ADDRESS_FAMILY;
	ax_endpoint_t none = {};
	const ax_endpoint_t *end = remote ? remote : &none;
	axnet_lock();
	ax_err_t error = udp_net_connect(&axnet_udp, socket_of(udp), address_of(&end->ip), end->port);
	if (!error)
		udp->remote = *end;
	axnet_unlock();
	return error;
}

ax_err_t ax_udp_send_pieces(ax_udp_t *udp, const ax_net_piece_t *pieces, size_t count, const ax_endpoint_t *remote)
{
	size_t bytes = axnet_pieces_bytes(pieces, count);
	if (bytes > AX_UDP_BYTES_MAX)
		return AX_ERR_MESSAGE_TOO_LONG;
	if (remote && remote->ip.family != AX_IP_V4)
		return AX_ERR_ADDRESS_FAMILY;
	if (!remote && !udp->remote.port)
		return AX_ERR_NO_DESTINATION;
	udp_net_packet_t *packet = udp_net_packet_new(&axnet_udp, bytes); /* of the heap, which has its own lock */
	if (!packet)
		return AX_ERR_NO_BUFFERS;
	axnet_pieces_copy(pieces, count, udp_net_packet_payload(packet));
	axnet_lock();
	if (!remote)
		remote = &udp->remote;
	ax_err_t error = udp_net_send(&axnet_udp, socket_of(udp), packet, address_of(&remote->ip), remote->port);
	axnet_unlock();
	return error;
}

const ax_endpoint_t *ax_udp_loan_from(const ax_udp_loan_t *loan)
{
	return &loan->from;
}

size_t ax_udp_loan_bytes(const ax_udp_loan_t *loan)
{
	return loan->datagram.bytes;
}

const void *ax_udp_loan_part(const ax_udp_loan_t *loan, const void *part, size_t *bytes)
{
	return udp_net_datagram_part(&loan->datagram, part, bytes);
}

void ax_udp_local(ax_udp_t *udp, ax_endpoint_t *local)
{
	axnet_lock();
	*local = endpoint(socket_of(udp)->local, socket_of(udp)->local_port);
	axnet_unlock();
}

void ax_udp_set_broadcast(ax_udp_t *udp, bool allowed)
{
	axnet_lock();
	socket_of(udp)->may_broadcast = allowed;
	axnet_unlock();
}

void ax_udp_set_marks(ax_udp_t *udp, const ax_net_marks_t *marks)
{
	axnet_lock();
	socket_of(udp)->ttl = marks->hops;
	socket_of(udp)->service = marks->service;
	axnet_unlock();
}

ax_err_t ax_udp_join([[maybe_unused]] ax_udp_t *udp, [[maybe_unused]] const ax_ip_t *group, [[maybe_unused]] bool member)
{
	return AX_ERR_NOT_SUPPORTED; /* there is no IGMP */
}
