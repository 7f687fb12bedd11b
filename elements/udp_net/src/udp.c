/* SPDX-License-Identifier: Apache-2.0 */
/* UDP (RFC 768; RFC 1122, 4.1): ports, and the datagrams that they receive and send. */
#include <base/base.h>
#include <memstr/memstr.h>
#include "internal.h"

/* RFC 6335, 6. */
enum { PORT_FIRST = 49152, PORT_COUNT = 16384, UNREACHABLE_PORT = 3 };

static udp_net_socket_t **list_of(udp_net_t *self, uint16_t port)
{
	return &self->ports[port % UDP_NET_PORTS];
}

static bool is_taken(udp_net_t *self, udp_net_ip_t ip, uint16_t port, bool shares)
{
	for (const udp_net_socket_t *other = *list_of(self, port); other; other = other->next) {
		bool same_ip = !ip || !other->local || ip == other->local;
		if (other->local_port == port && same_ip && !(shares && other->shares))
			return true;
	}
	return false;
}

/* From a random one on, the first that is free; 0: none is. */
static uint16_t free_port(udp_net_t *self, udp_net_ip_t ip)
{
	uint64_t start = udp_net_host_random();
	for (unsigned i = 0; i < PORT_COUNT; i++) {
		uint16_t port = (uint16_t)(PORT_FIRST + (start + i) % PORT_COUNT);
		if (!is_taken(self, ip, port, false))
			return port;
	}
	return 0;
}

ax_err_t udp_net_bind(udp_net_t *self, udp_net_socket_t *socket, udp_net_ip_t ip, uint16_t port, bool shares)
{
	if (socket->local_port)
		return AX_ERR_INVALID_INPUT;
	if (ip && !ip_is_own(self, ip) && !ip_is_broadcast(self, ip))
		return AX_ERR_ADDRESS_NOT_AVAILABLE;
	if (port && is_taken(self, ip, port, shares))
		return AX_ERR_ADDRESS_IN_USE;
	if (!port)
		port = free_port(self, ip);
	if (!port)
		return AX_ERR_ADDRESS_IN_USE;
	socket->local = ip;
	socket->local_port = port;
	socket->shares = shares;
	socket->next = *list_of(self, port);
	*list_of(self, port) = socket;
	return AX_OK;
}

void udp_net_unbind(udp_net_t *self, udp_net_socket_t *socket)
{
	udp_net_socket_t **link = list_of(self, socket->local_port);
	while (*link && *link != socket)
		link = &(*link)->next;
	if (*link)
		*link = socket->next;
	socket->next = NULL;
	socket->local_port = 0;
}

static ax_err_t bind_if_need_be(udp_net_t *self, udp_net_socket_t *socket)
{
	return socket->local_port ? AX_OK : udp_net_bind(self, socket, 0, 0, false);
}

ax_err_t udp_net_connect(udp_net_t *self, udp_net_socket_t *socket, udp_net_ip_t ip, uint16_t port)
{
	if (ip && !udp_net_can_reach(self, ip))
		return AX_ERR_NETWORK_UNREACHABLE;
	ax_err_t error = bind_if_need_be(self, socket);
	if (!error) {
		socket->remote = ip;
		socket->remote_port = port;
	}
	return error;
}

/* How well the datagram suits the socket; 0: not at all. */
static unsigned suits(const udp_net_socket_t *socket, const ip_in_t *in, uint16_t from_port, uint16_t to_port)
{
	unsigned points = 1;
	if (socket->local_port != to_port)
		return 0;
	if (socket->local) {
		if (socket->local != in->to)
			return 0;
		points += 1;
	}
	if (socket->remote_port) {
		if (socket->remote != in->from || socket->remote_port != from_port)
			return 0;
		points += 2;
	}
	return points;
}

static udp_net_socket_t *find(udp_net_t *self, const ip_in_t *in, uint16_t from_port, uint16_t to_port)
{
	udp_net_socket_t *best = NULL;
	unsigned most = 0;
	for (udp_net_socket_t *socket = *list_of(self, to_port); socket; socket = socket->next) {
		unsigned points = suits(socket, in, from_port, to_port);
		if (points > most) {
			most = points;
			best = socket;
		}
	}
	return best;
}

/* RFC 768: the addresses, the protocol and the length, as if they stood in front. */
static uint64_t pseudo_sum(udp_net_ip_t from, udp_net_ip_t to, size_t bytes)
{
	return (uint64_t)from + to + NETWORK16(PROTOCOL_UDP) + NETWORK16(bytes);
}

static bool is_whole(const ip_in_t *in, const struct udp_header *udp)
{
	size_t bytes = NETWORK16(udp->bytes);
	if (bytes < sizeof *udp || bytes > in->bytes || !udp->to_port)
		return false;
	if (in->is_checked || !udp->checksum)
		return true;
	uint64_t sum = udp_net_sum(pseudo_sum(in->from, in->to, bytes), in->frame, in->offset, bytes);
	return net_checksum_fold(sum) == UINT16_MAX;
}

bool udp_net_udp_in(udp_net_t *self, const ip_in_t *in)
{
	struct udp_header udp;
	if (in->bytes < sizeof udp || in->offset + sizeof udp > in->frame->bytes)
		goto senseless;
	memcpy(&udp, in->frame->data + in->offset, sizeof udp);
	if (!is_whole(in, &udp))
		goto senseless;
	uint16_t from_port = NETWORK16(udp.from_port), to_port = NETWORK16(udp.to_port);
	udp_net_socket_t *socket = find(self, in, from_port, to_port);
	if (!socket) {
		self->dropped++;
		udp_net_unreachable(self, in, UNREACHABLE_PORT);
		return false;
	}
	udp_net_datagram_t *datagram = (udp_net_datagram_t *)in->frame->holder;
	*datagram = (udp_net_datagram_t){
		.from = in->from, .to = in->to, .from_port = from_port, .to_port = to_port,
		.bytes = (uint16_t)(NETWORK16(udp.bytes) - sizeof udp), .offset = (uint16_t)(in->offset + sizeof udp),
	};
	socket->deliver(socket, datagram);
	return true;
senseless:
	self->dropped++;
	return false;
}

udp_net_packet_t *udp_net_packet_new(const udp_net_t *self, size_t bytes)
{
	return udp_net_ip_packet(self, UDP_HEADER_BYTES + bytes);
}

void *udp_net_packet_payload(udp_net_packet_t *packet)
{
	return (uint8_t *)udp_net_ip_payload(packet) + UDP_HEADER_BYTES;
}

static udp_net_ip_t source_of(const udp_net_t *self, const udp_net_socket_t *socket, udp_net_ip_t to)
{
	if (socket->local && !ip_is_broadcast(self, socket->local))
		return socket->local;
	return ip_is_loop(to) ? to : self->ip;
}

/* The device sums datagrams of one frame, where it can; what stays in this machine is not summed. A sum of 0 is sent as its
 * equal: 0 means that there is none. */
static void write_header(udp_net_t *self, udp_net_packet_t *packet, uint16_t from_port, uint16_t to_port, udp_net_ip_t from, udp_net_ip_t to)
{
	struct udp_header *udp = udp_net_ip_payload(packet);
	*udp = (struct udp_header){ NETWORK16(from_port), NETWORK16(to_port), NETWORK16(packet->bytes), 0 };
	if (ip_is_own(self, to) || !self->device)
		return;
	uint64_t sum = pseudo_sum(from, to, packet->bytes);
	packet->is_summed_later = packet->count == 1 && (self->device->offloads & NET_OFFLOAD_TX_CHECKSUM);
	if (packet->is_summed_later) {
		udp->checksum = net_checksum_fold(sum);
		return;
	}
	udp->checksum = (uint16_t)~net_checksum_fold(net_checksum_add(sum, udp, packet->bytes));
	if (!udp->checksum)
		udp->checksum = UINT16_MAX;
}

ax_err_t udp_net_send(udp_net_t *self, udp_net_socket_t *socket, udp_net_packet_t *packet, udp_net_ip_t ip, uint16_t port)
{
	static const uint8_t loop[] = { 127, 0, 0, 1 };
	if (!ip)
		memcpy(&ip, loop, sizeof ip);
	ax_err_t error = port ? bind_if_need_be(self, socket) : AX_ERR_INVALID_INPUT;
	if (!error && ip_is_broadcast(self, ip) && !socket->may_broadcast)
		error = AX_ERR_ACCESS_DENIED;
	if (error) {
		udp_net_packet_free(packet);
		return error;
	}
	udp_net_ip_t from = source_of(self, socket, ip);
	write_header(self, packet, socket->local_port, port, from, ip);
	packet->ttl = socket->ttl ? socket->ttl : TTL;
	packet->service = socket->service;
	return udp_net_ip_out(self, packet, PROTOCOL_UDP, from, ip);
}

const void *udp_net_datagram_part(const udp_net_datagram_t *datagram, const void *part, size_t *bytes)
{
	const net_buffer_t *piece = container_of((const void *)datagram, net_buffer_t, holder);
	size_t offset = datagram->offset, left = datagram->bytes;
	bool is_next = !part;
	for (; piece && left; piece = piece->next) {
		size_t here = AX_MIN(piece->bytes - offset, left);
		const uint8_t *start = piece->data + offset;
		if (here && is_next) {
			*bytes = here;
			return start;
		}
		is_next |= part == start;
		left -= here;
		offset = 0;
	}
	*bytes = 0;
	return NULL;
}

void udp_net_release(udp_net_t *self, udp_net_datagram_t *datagram)
{
	udp_net_give_back(self, container_of((void *)datagram, net_buffer_t, holder));
}
