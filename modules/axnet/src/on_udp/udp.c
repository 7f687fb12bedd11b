/* SPDX-License-Identifier: Apache-2.0 */
/* UDP sockets on the datagram stack. What has arrived waits in the frame that it came in, which bears the note of its sender. */
#include "stack.h"

#include <axalloc/axalloc.h>
#include <axnet/udp.h>
#include <base/base.h>
#include <memstr/memstr.h>

/* Bytes that may wait to be received, and what each datagram counts beside its own. */
enum { WAITING_BYTES_MAX = 512 * 1024, NOTE_BYTES = 128 };

struct ax_udp {
	axnet_events_t events;
	udp_net_socket_t socket;            /* the protocols' lock */
	ax_ip_family_t family;
	ax_endpoint_t remote;               /* port 0: not connected. The protocols' lock */
	udp_net_datagram_t *first, *last;   /* the events' lock, and the next one */
	size_t waiting_bytes;
};

/* Lies where the datagram's note does, and goes on behind it. */
struct ax_udp_loan {
	udp_net_datagram_t datagram;
	ax_endpoint_t from;
};
_Static_assert(sizeof(ax_udp_loan_t) <= sizeof(((net_buffer_t *)0)->holder), "a loan fits into the holder's room");

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
	ax_udp_t *udp = container_of(socket, ax_udp_t, socket);
	size_t bytes = datagram->bytes + (size_t)NOTE_BYTES;
	datagram->next = NULL;
	irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
	if (udp->waiting_bytes + bytes > WAITING_BYTES_MAX) {
		ax_wait_queue_unlock(&udp->events.queue, state);
		udp_net_release(&axnet_udp, datagram);
		return;
	}
	if (udp->last)
		udp->last->next = datagram;
	else
		udp->first = datagram;
	udp->last = datagram;
	udp->waiting_bytes += bytes;
	axnet_events_change_and_unlock(&udp->events, state, AX_NET_READABLE, 0);
}

ax_err_t ax_udp_new(ax_ip_family_t family, ax_udp_t **out)
{
	*out = NULL;
	if (family == AX_IP_V6)
		return AX_ERR_ADDRESS_FAMILY;
	ax_udp_t *udp = axalloc_alloc(sizeof *udp, 0);
	if (!udp)
		return AX_ERR_NO_MEMORY;
	memset(udp, 0, sizeof *udp);
	udp->family = AX_IP_V4;
	udp->socket.deliver = deliver;
	atomic_store_explicit(&udp->events.ready, AX_NET_WRITABLE, memory_order_relaxed);
	*out = udp;
	return AX_OK;
}

void ax_udp_close(ax_udp_t *udp)
{
	if (!udp)
		return;
	axnet_lock();
	udp_net_unbind(&axnet_udp, &udp->socket);
	for (udp_net_datagram_t *datagram = udp->first, *next; datagram; datagram = next) {
		next = datagram->next;
		udp_net_release(&axnet_udp, datagram);
	}
	axnet_unlock();
	axalloc_free(udp);
}

ax_err_t ax_udp_bind(ax_udp_t *udp, const ax_endpoint_t *local, bool reuse)
{
	if (local->ip.family == AX_IP_V6)
		return AX_ERR_INVALID_INPUT;
	axnet_lock();
	ax_err_t error = udp_net_bind(&axnet_udp, &udp->socket, address_of(&local->ip), local->port, reuse);
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
	ax_err_t error = udp_net_connect(&axnet_udp, &udp->socket, address_of(&end->ip), end->port);
	if (!error)
		udp->remote = *end;
	axnet_unlock();
	return error;
}

ax_err_t ax_udp_send_pieces(ax_udp_t *udp, const ax_net_piece_t *pieces, size_t count, const ax_endpoint_t *remote)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += pieces[i].bytes;
	if (bytes > AX_UDP_BYTES_MAX)
		return AX_ERR_MESSAGE_TOO_LONG;
	if (remote && remote->ip.family != AX_IP_V4)
		return AX_ERR_ADDRESS_FAMILY;
	if (!remote && !udp->remote.port)
		return AX_ERR_NO_DESTINATION;
	udp_net_packet_t *packet = udp_net_packet_new(&axnet_udp, bytes); /* of the heap, which has its own lock */
	if (!packet)
		return AX_ERR_NO_BUFFERS;
	char *to = udp_net_packet_payload(packet);
	for (size_t i = 0; i < count; i++) {
		memcpy(to, pieces[i].start, pieces[i].bytes);
		to += pieces[i].bytes;
	}
	axnet_lock();
	if (!remote)
		remote = &udp->remote;
	ax_err_t error = udp_net_send(&axnet_udp, &udp->socket, packet, address_of(&remote->ip), remote->port);
	axnet_unlock();
	return error;
}

ax_err_t ax_udp_borrow(ax_udp_t *udp, uint64_t deadline_ns, ax_udp_loan_t **loan)
{
	udp_net_datagram_t *datagram = NULL;
	*loan = NULL;
	while (!datagram) {
		ax_err_t error = axnet_events_wait(&udp->events, AX_NET_READABLE, deadline_ns);
		if (error)
			return error;
		irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
		datagram = udp->first;
		if (datagram) {
			udp->first = datagram->next;
			udp->waiting_bytes -= datagram->bytes + (size_t)NOTE_BYTES;
		}
		if (!udp->first)
			udp->last = NULL;
		axnet_events_change_and_unlock(&udp->events, state, 0, udp->first ? 0 : AX_NET_READABLE);
	}
	*loan = container_of(datagram, ax_udp_loan_t, datagram);
	(*loan)->from = endpoint(datagram->from, datagram->from_port);
	return AX_OK;
}

void ax_udp_return(ax_udp_loan_t *loan)
{
	axnet_lock();
	udp_net_release(&axnet_udp, &loan->datagram);
	axnet_unlock();
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

static void copy_out(const udp_net_datagram_t *datagram, void *buffer, size_t capacity, size_t *bytes, ax_endpoint_t *from)
{
	char *to = buffer;
	size_t here;
	const void *part = NULL;
	while (capacity && (part = udp_net_datagram_part(datagram, part, &here))) {
		here = AX_MIN(here, capacity);
		memcpy(to, part, here);
		to += here;
		capacity -= here;
	}
	*bytes = datagram->bytes;
	if (from)
		*from = endpoint(datagram->from, datagram->from_port);
}

ax_err_t ax_udp_receive(ax_udp_t *udp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *bytes, ax_endpoint_t *from)
{
	ax_udp_loan_t *loan;
	ax_err_t error = ax_udp_borrow(udp, deadline_ns, &loan);
	if (error)
		return error;
	copy_out(&loan->datagram, buffer, capacity, bytes, from);
	ax_udp_return(loan);
	return AX_OK;
}

/* Only the receiver takes datagrams off: the first one stays while it is copied. */
ax_err_t ax_udp_peek(ax_udp_t *udp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *bytes, ax_endpoint_t *from)
{
	ax_err_t error = axnet_events_wait(&udp->events, AX_NET_READABLE, deadline_ns);
	if (!error)
		copy_out(udp->first, buffer, capacity, bytes, from);
	return error;
}

size_t ax_udp_available(ax_udp_t *udp)
{
	irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
	size_t bytes = udp->first ? udp->first->bytes : 0;
	ax_wait_queue_unlock(&udp->events.queue, state);
	return bytes;
}

void ax_udp_local(ax_udp_t *udp, ax_endpoint_t *local)
{
	axnet_lock();
	*local = endpoint(udp->socket.local, udp->socket.local_port);
	axnet_unlock();
}

ax_err_t ax_udp_remote(ax_udp_t *udp, ax_endpoint_t *remote)
{
	axnet_lock();
	*remote = udp->remote;
	axnet_unlock();
	return remote->port ? AX_OK : AX_ERR_NOT_CONNECTED;
}

void ax_udp_set_broadcast(ax_udp_t *udp, bool allowed)
{
	axnet_lock();
	udp->socket.may_broadcast = allowed;
	axnet_unlock();
}

ax_err_t ax_udp_join([[maybe_unused]] ax_udp_t *udp, [[maybe_unused]] const ax_ip_t *group, [[maybe_unused]] bool member)
{
	return AX_ERR_NOT_SUPPORTED; /* there is no IGMP */
}

unsigned ax_udp_ready(const ax_udp_t *udp)
{
	return axnet_events_ready(&udp->events);
}

void ax_udp_watch(ax_udp_t *udp, ax_net_watch_t *watch, void *context)
{
	axnet_events_watch(&udp->events, watch, context);
}

/* Of a datagram's fate nothing is heard. */
ax_err_t ax_udp_take_error([[maybe_unused]] ax_udp_t *udp)
{
	return AX_OK;
}
