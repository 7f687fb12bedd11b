/* SPDX-License-Identifier: Apache-2.0 */
/* UDP sockets. A datagram that has arrived waits as it lies in its frame, with a note of its sender. */
#include "../datagram.h"
#include "stack.h"

#include <axalloc/axalloc.h>
#include <base/base.h>
#include <lwip/igmp.h>
#include <lwip/mld6.h>
#include <lwip/udp.h>

struct ax_udp_loan {
	ax_udp_loan_t *next;
	struct pbuf *pbuf;
	ax_endpoint_t from;
};

typedef struct membership {
	struct membership *next;
	ip_addr_t group;
} membership_t;

typedef struct socket {
	ax_udp_t udp;
	struct udp_pcb *pcb;          /* the protocols' lock */
	membership_t *memberships;    /* the protocols' lock */
	ax_ip_family_t family;
} socket_t;

static socket_t *socket_of(ax_udp_t *udp)
{
	return container_of(udp, socket_t, udp);
}

ax_udp_loan_t *axnet_loan_next(const ax_udp_loan_t *loan)
{
	return loan->next;
}

void axnet_loan_link(ax_udp_loan_t *loan, ax_udp_loan_t *next)
{
	loan->next = next;
}

void axnet_loan_free(ax_udp_loan_t *loan)
{
	pbuf_free(loan->pbuf);
	axalloc_free(loan);
}

static void on_receive(void *argument, [[maybe_unused]] struct udp_pcb *pcb, struct pbuf *pbuf, const ip_addr_t *from, u16_t port)
{
	ax_udp_t *udp = argument;
	ax_udp_loan_t *loan = axnet_udp_has_room(udp, pbuf->tot_len) ? axalloc_alloc(sizeof *loan, 0) : NULL;
	if (!loan) {
		pbuf_free(pbuf);
		return;
	}
	*loan = (ax_udp_loan_t){ .pbuf = pbuf, .from = { axnet_from_lwip(from), port } };
	axnet_udp_queue(udp, loan);
}

static void set_marks(struct udp_pcb *pcb, const ax_net_marks_t *marks)
{
	pcb->ttl = marks->hops;
	pcb->tos = marks->service;
	udp_set_multicast_ttl(pcb, marks->multicast_hops);
	udp_set_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
	if (!marks->multicast_loops)
		udp_clear_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
}

/* lwIP counts who is in a group, by interface. */
static err_t enter(const ip_addr_t *group)
{
	return IP_IS_V4(group) ? igmp_joingroup(IP4_ADDR_ANY4, ip_2_ip4(group)) : mld6_joingroup(IP6_ADDR_ANY6, ip_2_ip6(group));
}

static void leave(membership_t *membership)
{
	const ip_addr_t *group = &membership->group;
	(void)(IP_IS_V4(group) ? igmp_leavegroup(IP4_ADDR_ANY4, ip_2_ip4(group)) : mld6_leavegroup(IP6_ADDR_ANY6, ip_2_ip6(group)));
	axalloc_free(membership);
}

ax_err_t ax_udp_new(ax_ip_family_t family, ax_udp_t **out)
{
	ax_udp_t *udp = axnet_udp_alloc(sizeof(socket_t));
	*out = NULL;
	if (!udp)
		return AX_ERR_NO_MEMORY;
	socket_t *self = socket_of(udp);
	self->family = family;
	axnet_lock();
	self->pcb = udp_new_ip_type(axnet_lwip_type(family));
	if (self->pcb) {
		udp_recv(self->pcb, on_receive, udp);
		set_marks(self->pcb, &AX_NET_MARKS);
	}
	axnet_unlock();
	if (!self->pcb) {
		axalloc_free(self);
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
	udp_remove(socket_of(udp)->pcb);
	axnet_udp_drop(udp);
	for (membership_t *membership = socket_of(udp)->memberships, *next; membership; membership = next) {
		next = membership->next;
		leave(membership);
	}
	axnet_unlock();
	axalloc_free(socket_of(udp));
}

ax_err_t ax_udp_bind(ax_udp_t *udp, const ax_endpoint_t *local, bool reuse)
{
	ip_addr_t ip;
	ax_ip_t wanted = local->ip;
	if (wanted.family == AX_IP_ANY)
		wanted.family = socket_of(udp)->family;
	else if (socket_of(udp)->family != AX_IP_ANY && wanted.family != socket_of(udp)->family)
		return AX_ERR_INVALID_INPUT;
	axnet_to_lwip(&wanted, &ip);
	axnet_lock();
	ax_err_t error = AX_ERR_INVALID_INPUT;
	if (!socket_of(udp)->pcb->local_port) {
		if (reuse)
			ip_set_option(socket_of(udp)->pcb, SOF_REUSEADDR);
		if (!ip_addr_isany(&ip) && wanted.family == AX_IP_V4 && !ip4_addr_isloopback(ip_2_ip4(&ip)) &&
		    !axnet_can_reach(&ip))
			error = AX_ERR_ADDRESS_NOT_AVAILABLE;
		else
			error = axnet_from_lwip_error(udp_bind(socket_of(udp)->pcb, &ip, local->port));
	}
	axnet_unlock();
	return error;
}

ax_err_t ax_udp_connect(ax_udp_t *udp, const ax_endpoint_t *remote)
{
	ip_addr_t ip;
	ax_err_t error = AX_OK;
	if (remote && socket_of(udp)->family != AX_IP_ANY && socket_of(udp)->family != remote->ip.family)
		return AX_ERR_ADDRESS_FAMILY;
	axnet_lock();
	if (remote) {
		axnet_to_lwip(&remote->ip, &ip);
		if (!axnet_can_reach(&ip))
			error = AX_ERR_NETWORK_UNREACHABLE;
		else
			error = axnet_from_lwip_error(udp_connect(socket_of(udp)->pcb, &ip, remote->port));
		if (!error)
			udp->remote = *remote;
	} else {
		udp_disconnect(socket_of(udp)->pcb);
		udp->remote = (ax_endpoint_t){};
	}
	axnet_unlock();
	return error;
}

/* lwIP calls a broadcast of one who may not an invalid value. */
static ax_err_t send_locked(struct udp_pcb *pcb, struct pbuf *pbuf, const ip_addr_t *to, uint16_t port)
{
	err_t error = udp_sendto(pcb, pbuf, to, port);
	if (error == ERR_VAL && IP_IS_V4(to) && !ip_get_option(pcb, SOF_BROADCAST))
		return AX_ERR_ACCESS_DENIED;
	return axnet_from_lwip_error(error);
}

ax_err_t ax_udp_send_pieces(ax_udp_t *udp, const ax_net_piece_t *pieces, size_t count, const ax_endpoint_t *remote)
{
	ip_addr_t ip;
	size_t bytes = axnet_pieces_bytes(pieces, count);
	if (bytes > AX_UDP_BYTES_MAX)
		return AX_ERR_MESSAGE_TOO_LONG;
	if (remote && socket_of(udp)->family != AX_IP_ANY && socket_of(udp)->family != remote->ip.family)
		return AX_ERR_ADDRESS_FAMILY;
	struct pbuf *pbuf = pbuf_alloc(PBUF_TRANSPORT, (u16_t)bytes, PBUF_RAM); /* of the heap, which has its own lock */
	if (!pbuf)
		return AX_ERR_NO_BUFFERS;
	axnet_pieces_copy(pieces, count, pbuf->payload);
	axnet_lock();
	ax_err_t error = AX_ERR_NO_DESTINATION;
	if (!remote)
		remote = udp->remote.port ? &udp->remote : NULL;
	if (remote) {
		axnet_to_lwip(&remote->ip, &ip);
		error = send_locked(socket_of(udp)->pcb, pbuf, &ip, remote->port);
	}
	pbuf_free(pbuf);
	axnet_unlock();
	return error;
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

void ax_udp_local(ax_udp_t *udp, ax_endpoint_t *local)
{
	axnet_lock();
	*local = (ax_endpoint_t){ axnet_from_lwip(&socket_of(udp)->pcb->local_ip), socket_of(udp)->pcb->local_port };
	axnet_unlock();
	if (local->ip.family == AX_IP_ANY)
		local->ip.family = socket_of(udp)->family;
}

void ax_udp_set_broadcast(ax_udp_t *udp, bool allowed)
{
	axnet_lock();
	if (allowed)
		ip_set_option(socket_of(udp)->pcb, SOF_BROADCAST);
	else
		ip_reset_option(socket_of(udp)->pcb, SOF_BROADCAST);
	axnet_unlock();
}

void ax_udp_set_marks(ax_udp_t *udp, const ax_net_marks_t *marks)
{
	axnet_lock();
	set_marks(socket_of(udp)->pcb, marks);
	axnet_unlock();
}

/* Where the socket's membership hangs, or would. */
static membership_t **find(socket_t *self, const ip_addr_t *group)
{
	membership_t **link = &self->memberships;
	while (*link && !ip_addr_eq(&(*link)->group, group))
		link = &(*link)->next;
	return link;
}

static ax_err_t join(membership_t **link, const ip_addr_t *group)
{
	if (*link)
		return AX_ERR_ADDRESS_IN_USE;
	membership_t *membership = axalloc_alloc(sizeof *membership, 0);
	if (!membership)
		return AX_ERR_NO_MEMORY;
	err_t error = enter(group);
	if (error != ERR_OK) {
		axalloc_free(membership);
		return error == ERR_MEM ? AX_ERR_NO_MEMORY : AX_ERR_INVALID_INPUT;
	}
	*membership = (membership_t){ .group = *group };
	*link = membership;
	return AX_OK;
}

ax_err_t ax_udp_join(ax_udp_t *udp, const ax_ip_t *group, bool member)
{
	ip_addr_t ip;
	ax_err_t error = AX_OK;
	axnet_to_lwip(group, &ip);
	if (!ip_addr_ismulticast(&ip))
		return AX_ERR_INVALID_INPUT;
	axnet_lock();
	membership_t **link = find(socket_of(udp), &ip), *left = *link;
	if (member) {
		error = join(link, &ip);
	} else if (left) {
		*link = left->next;
		leave(left);
	} else {
		error = AX_ERR_ADDRESS_NOT_AVAILABLE;
	}
	axnet_unlock();
	return error;
}
