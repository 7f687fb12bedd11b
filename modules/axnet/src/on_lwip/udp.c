/* SPDX-License-Identifier: Apache-2.0 */
/* UDP sockets. A datagram that has arrived waits as it lies in its frame, with a note of its sender. */
#include "stack.h"

#include <axalloc/axalloc.h>
#include <axnet/udp.h>
#include <base/base.h>
#include <lwip/igmp.h>
#include <lwip/udp.h>
#include <memstr/memstr.h>

/* Bytes that may wait to be received, and what each datagram counts beside its own. */
enum { WAITING_BYTES_MAX = 512 * 1024, NOTE_BYTES = 128 };

struct ax_udp_loan {
	ax_udp_loan_t *next;
	struct pbuf *pbuf;
	ax_endpoint_t from;
};

struct ax_udp {
	axnet_events_t events;
	struct udp_pcb *pcb;          /* the protocols' lock */
	ax_ip_family_t family;
	ax_endpoint_t remote;         /* port 0: not connected. The protocols' lock */
	ax_udp_loan_t *first, *last;  /* the events' lock, and the next two */
	size_t waiting_bytes;
	ax_err_t error;
};

static void free_loan(ax_udp_loan_t *loan)
{
	pbuf_free(loan->pbuf);
	axalloc_free(loan);
}

static void on_receive(void *argument, [[maybe_unused]] struct udp_pcb *pcb, struct pbuf *pbuf, const ip_addr_t *from, u16_t port)
{
	ax_udp_t *udp = argument;
	size_t bytes = pbuf->tot_len + (size_t)NOTE_BYTES;
	ax_udp_loan_t *loan = udp->waiting_bytes + bytes > WAITING_BYTES_MAX ? NULL : axalloc_alloc(sizeof *loan, 0);
	if (!loan) {
		pbuf_free(pbuf);
		return;
	}
	*loan = (ax_udp_loan_t){ .pbuf = pbuf, .from = { axnet_from_lwip(from), port } };
	irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
	if (udp->last)
		udp->last->next = loan;
	else
		udp->first = loan;
	udp->last = loan;
	udp->waiting_bytes += bytes;
	axnet_events_change_and_unlock(&udp->events, state, AX_NET_READABLE, 0);
}

ax_err_t ax_udp_new(ax_ip_family_t family, ax_udp_t **out)
{
	ax_udp_t *udp = axalloc_alloc(sizeof *udp, 0);
	*out = NULL;
	if (!udp)
		return AX_ERR_NO_MEMORY;
	memset(udp, 0, sizeof *udp);
	udp->family = family;
	atomic_store_explicit(&udp->events.ready, AX_NET_WRITABLE, memory_order_relaxed);
	axnet_lock();
	udp->pcb = udp_new_ip_type(axnet_lwip_type(family));
	if (udp->pcb)
		udp_recv(udp->pcb, on_receive, udp);
	axnet_unlock();
	if (!udp->pcb) {
		axalloc_free(udp);
		return AX_ERR_NO_MEMORY;
	}
	*out = udp;
	return AX_OK;
}

void ax_udp_close(ax_udp_t *udp)
{
	if (!udp)
		return;
	axnet_lock();
	udp_remove(udp->pcb);
	for (ax_udp_loan_t *loan = udp->first, *next; loan; loan = next) {
		next = loan->next;
		free_loan(loan);
	}
	axnet_unlock();
	axalloc_free(udp);
}

ax_err_t ax_udp_bind(ax_udp_t *udp, const ax_endpoint_t *local, bool reuse)
{
	ip_addr_t ip;
	ax_ip_t wanted = local->ip;
	if (wanted.family == AX_IP_ANY)
		wanted.family = udp->family;
	else if (udp->family != AX_IP_ANY && wanted.family != udp->family)
		return AX_ERR_INVALID_INPUT;
	axnet_to_lwip(&wanted, &ip);
	axnet_lock();
	ax_err_t error = AX_ERR_INVALID_INPUT;
	if (!udp->pcb->local_port) {
		if (reuse)
			ip_set_option(udp->pcb, SOF_REUSEADDR);
		if (!ip_addr_isany(&ip) && wanted.family == AX_IP_V4 && !ip4_addr_isloopback(ip_2_ip4(&ip)) &&
		    !axnet_can_reach(&ip))
			error = AX_ERR_ADDRESS_NOT_AVAILABLE;
		else
			error = axnet_from_lwip_error(udp_bind(udp->pcb, &ip, local->port));
	}
	axnet_unlock();
	return error;
}

ax_err_t ax_udp_connect(ax_udp_t *udp, const ax_endpoint_t *remote)
{
	ip_addr_t ip;
	ax_err_t error = AX_OK;
	if (remote && udp->family != AX_IP_ANY && udp->family != remote->ip.family)
		return AX_ERR_ADDRESS_FAMILY;
	axnet_lock();
	if (remote) {
		axnet_to_lwip(&remote->ip, &ip);
		if (!axnet_can_reach(&ip))
			error = AX_ERR_NETWORK_UNREACHABLE;
		else
			error = axnet_from_lwip_error(udp_connect(udp->pcb, &ip, remote->port));
		if (!error)
			udp->remote = *remote;
	} else {
		udp_disconnect(udp->pcb);
		udp->remote = (ax_endpoint_t){};
	}
	axnet_unlock();
	return error;
}

static struct pbuf *gather(const ax_net_piece_t *pieces, size_t count, size_t bytes)
{
	struct pbuf *pbuf = pbuf_alloc(PBUF_TRANSPORT, (u16_t)bytes, PBUF_RAM);
	char *to = pbuf ? pbuf->payload : NULL;
	for (size_t i = 0; pbuf && i < count; i++) {
		memcpy(to, pieces[i].start, pieces[i].bytes);
		to += pieces[i].bytes;
	}
	return pbuf;
}

ax_err_t ax_udp_send_pieces(ax_udp_t *udp, const ax_net_piece_t *pieces, size_t count, const ax_endpoint_t *remote)
{
	ip_addr_t ip;
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += pieces[i].bytes;
	if (bytes > AX_UDP_BYTES_MAX)
		return AX_ERR_MESSAGE_TOO_LONG;
	if (remote && udp->family != AX_IP_ANY && udp->family != remote->ip.family)
		return AX_ERR_ADDRESS_FAMILY;
	struct pbuf *pbuf = gather(pieces, count, bytes); /* of the heap, which has its own lock */
	if (!pbuf)
		return AX_ERR_NO_BUFFERS;
	axnet_lock();
	ax_err_t error = AX_ERR_NO_DESTINATION;
	if (!remote)
		remote = udp->remote.port ? &udp->remote : NULL;
	if (remote) {
		axnet_to_lwip(&remote->ip, &ip);
		error = axnet_from_lwip_error(udp_sendto(udp->pcb, pbuf, &ip, remote->port));
	}
	pbuf_free(pbuf);
	axnet_unlock();
	return error;
}

ax_err_t ax_udp_borrow(ax_udp_t *udp, uint64_t deadline_ns, ax_udp_loan_t **loan)
{
	*loan = NULL;
	while (!*loan) {
		ax_err_t error = axnet_events_wait(&udp->events, AX_NET_READABLE, deadline_ns);
		if (error)
			return error;
		irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
		*loan = udp->first;
		if (*loan) {
			udp->first = (*loan)->next;
			udp->waiting_bytes -= (*loan)->pbuf->tot_len + (size_t)NOTE_BYTES;
		}
		if (!udp->first)
			udp->last = NULL;
		axnet_events_change_and_unlock(&udp->events, state, 0, udp->first ? 0 : AX_NET_READABLE);
	}
	return AX_OK;
}

void ax_udp_return(ax_udp_loan_t *loan)
{
	axnet_lock();
	free_loan(loan);
	axnet_unlock();
}

const ax_endpoint_t *ax_udp_loan_from(const ax_udp_loan_t *loan)
{
	return &loan->from;
}

size_t ax_udp_loan_bytes(const ax_udp_loan_t *loan)
{
	return loan->pbuf->tot_len;
}

const void *ax_udp_loan_part(const ax_udp_loan_t *loan, const void *part, size_t *bytes)
{
	const struct pbuf *pbuf = loan->pbuf;
	if (part) {
		while (pbuf && pbuf->payload != part)
			pbuf = pbuf->next;
		pbuf = pbuf ? pbuf->next : NULL;
	}
	while (pbuf && !pbuf->len)
		pbuf = pbuf->next;
	*bytes = pbuf ? pbuf->len : 0;
	return pbuf ? pbuf->payload : NULL;
}

static void copy_loan(const ax_udp_loan_t *loan, void *buffer, size_t capacity, size_t *bytes, ax_endpoint_t *from)
{
	*bytes = loan->pbuf->tot_len;
	pbuf_copy_partial(loan->pbuf, buffer, (u16_t)AX_MIN(capacity, *bytes), 0);
	if (from)
		*from = loan->from;
}

ax_err_t ax_udp_receive(ax_udp_t *udp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *bytes, ax_endpoint_t *from)
{
	ax_udp_loan_t *loan;
	ax_err_t error = ax_udp_borrow(udp, deadline_ns, &loan);
	if (error)
		return error;
	copy_loan(loan, buffer, capacity, bytes, from);
	ax_udp_return(loan);
	return AX_OK;
}

/* Only the receiver takes datagrams off: the first one stays while it is copied. */
ax_err_t ax_udp_peek(ax_udp_t *udp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *bytes, ax_endpoint_t *from)
{
	ax_err_t error = axnet_events_wait(&udp->events, AX_NET_READABLE, deadline_ns);
	if (!error)
		copy_loan(udp->first, buffer, capacity, bytes, from);
	return error;
}

size_t ax_udp_available(ax_udp_t *udp)
{
	irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
	size_t bytes = udp->first ? udp->first->pbuf->tot_len : 0;
	ax_wait_queue_unlock(&udp->events.queue, state);
	return bytes;
}

void ax_udp_local(ax_udp_t *udp, ax_endpoint_t *local)
{
	axnet_lock();
	*local = (ax_endpoint_t){ axnet_from_lwip(&udp->pcb->local_ip), udp->pcb->local_port };
	axnet_unlock();
	if (local->ip.family == AX_IP_ANY)
		local->ip.family = udp->family;
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
	if (allowed)
		ip_set_option(udp->pcb, SOF_BROADCAST);
	else
		ip_reset_option(udp->pcb, SOF_BROADCAST);
	axnet_unlock();
}

ax_err_t ax_udp_join([[maybe_unused]] ax_udp_t *udp, const ax_ip_t *group, bool member)
{
	ip_addr_t ip;
	if (group->family != AX_IP_V4)
		return AX_ERR_INVALID_INPUT;
	axnet_to_lwip(group, &ip);
	axnet_lock();
	err_t error = member ? igmp_joingroup(IP4_ADDR_ANY4, ip_2_ip4(&ip)) : igmp_leavegroup(IP4_ADDR_ANY4, ip_2_ip4(&ip));
	axnet_unlock();
	return error == ERR_OK ? AX_OK : AX_ERR_INVALID_INPUT;
}

unsigned ax_udp_ready(const ax_udp_t *udp)
{
	return axnet_events_ready(&udp->events);
}

void ax_udp_watch(ax_udp_t *udp, ax_net_watch_t *watch, void *context)
{
	axnet_events_watch(&udp->events, watch, context);
}

ax_err_t ax_udp_take_error(ax_udp_t *udp)
{
	irq_state_t state = ax_wait_queue_lock(&udp->events.queue);
	ax_err_t error = udp->error;
	udp->error = AX_OK;
	ax_wait_queue_unlock(&udp->events.queue, state);
	return error;
}
