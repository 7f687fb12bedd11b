/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machines on the wire (RFC 826; RFC 1122, 2.3.2). Who we want to send to is asked once a second, and given up after
 * QUESTIONS_MAX; what is known is asked again after a minute of use. Answers that nobody asked for change what is known, but
 * add nothing: so strangers cannot fill the table.
 */
#include <base/base.h>
#include <memstr/memstr.h>
#include "internal.h"

enum { QUESTIONS_MAX = 4, REQUEST = 1, REPLY = 2 };
#define FRESH_NS (60 * TICK_NS)

struct arp {
	uint16_t hardware, protocol;
	uint8_t hardware_bytes, protocol_bytes;
	uint16_t operation;
	uint8_t sender[NET_ADDRESS_BYTES];
	uint8_t sender_ip[sizeof(udp_net_ip_t)];
	uint8_t target[NET_ADDRESS_BYTES];
	uint8_t target_ip[sizeof(udp_net_ip_t)];
};
_Static_assert(sizeof(struct arp) == 28, "RFC 826");

static void forget(udp_net_neighbour_t *which)
{
	while (which->first) {
		udp_net_packet_t *next = which->first->next;
		udp_net_packet_free(which->first);
		which->first = next;
	}
	*which = (udp_net_neighbour_t){};
}

static udp_net_neighbour_t *find(udp_net_t *self, udp_net_ip_t ip)
{
	for (size_t i = 0; i < UDP_NET_NEIGHBOURS; i++) {
		if (self->neighbours[i].state != NEIGHBOUR_FREE && self->neighbours[i].ip == ip)
			return &self->neighbours[i];
	}
	return NULL;
}

/* A free place, or that of the one who has not been heard of for longest. */
static udp_net_neighbour_t *add(udp_net_t *self, udp_net_ip_t ip, udp_net_neighbour_state_t state)
{
	udp_net_neighbour_t *which = &self->neighbours[0];
	for (size_t i = 0; i < UDP_NET_NEIGHBOURS && which->state != NEIGHBOUR_FREE; i++) {
		if (self->neighbours[i].state == NEIGHBOUR_FREE || self->neighbours[i].since_ns < which->since_ns)
			which = &self->neighbours[i];
	}
	forget(which);
	which->ip = ip;
	which->state = state;
	which->since_ns = udp_net_host_now_ns();
	return which;
}

/* A packet of ARP's: it uses the room of one of IP's, for want of memory it is not sent. */
static void speak(udp_net_t *self, uint16_t operation, const uint8_t to[NET_ADDRESS_BYTES], udp_net_ip_t ip)
{
	static const uint8_t all[NET_ADDRESS_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct ethernet_header ethernet = { .type = ETHERNET_ARP };
	struct arp arp = { .hardware = NETWORK16(1), .protocol = ETHERNET_IP4, .hardware_bytes = NET_ADDRESS_BYTES,
			   .protocol_bytes = sizeof(udp_net_ip_t), .operation = NETWORK16(operation) };
	udp_net_packet_t *packet = udp_net_ip_packet(self, sizeof arp);
	if (!packet)
		return;
	memcpy(ethernet.to, to ? to : all, NET_ADDRESS_BYTES);
	memcpy(ethernet.from, self->device->address, NET_ADDRESS_BYTES);
	memcpy(arp.sender, self->device->address, NET_ADDRESS_BYTES);
	memcpy(arp.sender_ip, &self->ip, sizeof self->ip);
	if (to)
		memcpy(arp.target, to, NET_ADDRESS_BYTES);
	memcpy(arp.target_ip, &ip, sizeof ip);
	uint8_t *start = (uint8_t *)udp_net_ip_payload(packet) - sizeof ethernet;
	memcpy(start, &ethernet, sizeof ethernet);
	memcpy(start + sizeof ethernet, &arp, sizeof arp);
	net_segment_t segment = { start, sizeof ethernet + sizeof arp };
	net_frame_t frame = { .segments = &segment, .segment_count = 1, .cookie = packet };
	if (udp_net_transmit(self, &frame))
		self->dropped++;
	udp_net_packet_free(packet);
}

static void ask(udp_net_t *self, udp_net_neighbour_t *which)
{
	which->questions++;
	udp_net_start_tick(self);
	speak(self, REQUEST, NULL, which->ip);
}

/* The oldest gives way: of datagrams the newest are the ones that matter. */
static void queue(udp_net_neighbour_t *which, udp_net_packet_t *packet)
{
	packet->next = NULL;
	if (which->waiting == UDP_NET_NEIGHBOUR_QUEUE) {
		udp_net_packet_t *oldest = which->first;
		which->first = oldest->next;
		which->waiting--;
		udp_net_packet_free(oldest);
	}
	if (which->first)
		which->last->next = packet;
	else
		which->first = packet;
	which->last = packet;
	which->waiting++;
}

ax_err_t udp_net_to_neighbour(udp_net_t *self, udp_net_packet_t *packet, udp_net_ip_t hop)
{
	udp_net_neighbour_t *which = find(self, hop);
	if (!which || which->state == NEIGHBOUR_ASKED) {
		if (!which) {
			which = add(self, hop, NEIGHBOUR_ASKED);
			ask(self, which);
		}
		queue(which, packet);
		return AX_OK;
	}
	if (which->state == NEIGHBOUR_KNOWN && udp_net_host_now_ns() - which->since_ns >= FRESH_NS) {
		which->state = NEIGHBOUR_STALE;
		ask(self, which);
	}
	ax_err_t error = udp_net_hand_out(self, packet, which->address);
	udp_net_packet_free(packet);
	return error;
}

static void confirm(udp_net_t *self, udp_net_neighbour_t *which, const uint8_t address[NET_ADDRESS_BYTES])
{
	which->state = NEIGHBOUR_KNOWN;
	which->questions = 0;
	which->since_ns = udp_net_host_now_ns();
	memcpy(which->address, address, NET_ADDRESS_BYTES);
	udp_net_packet_t *packet = which->first;
	which->first = which->last = NULL;
	which->waiting = 0;
	while (packet) {
		udp_net_packet_t *next = packet->next;
		if (udp_net_hand_out(self, packet, address))
			self->dropped++;
		udp_net_packet_free(packet);
		packet = next;
	}
}

void udp_net_arp_in(udp_net_t *self, const net_buffer_t *frame)
{
	struct arp arp;
	udp_net_ip_t sender, target;
	if (frame->bytes < NET_HEADER_BYTES + sizeof arp) {
		self->dropped++;
		return;
	}
	memcpy(&arp, frame->data + NET_HEADER_BYTES, sizeof arp);
	memcpy(&sender, arp.sender_ip, sizeof sender);
	memcpy(&target, arp.target_ip, sizeof target);
	if (arp.hardware != NETWORK16(1) || arp.protocol != ETHERNET_IP4 || arp.hardware_bytes != NET_ADDRESS_BYTES ||
	    arp.protocol_bytes != sizeof sender || (arp.sender[0] & 1) || ip_is_own(self, sender)) {
		self->dropped++;
		return;
	}
	bool asks_us = arp.operation == NETWORK16(REQUEST) && self->ip && target == self->ip;
	udp_net_neighbour_t *which = sender ? find(self, sender) : NULL;
	if (!which && asks_us && sender)
		which = add(self, sender, NEIGHBOUR_KNOWN);
	if (which)
		confirm(self, which, arp.sender);
	if (asks_us)
		speak(self, REPLY, arp.sender, sender);
}

void udp_net_neighbours_tick(udp_net_t *self, [[maybe_unused]] uint64_t now_ns)
{
	for (size_t i = 0; i < UDP_NET_NEIGHBOURS; i++) {
		udp_net_neighbour_t *which = &self->neighbours[i];
		if (which->state != NEIGHBOUR_ASKED && which->state != NEIGHBOUR_STALE)
			continue;
		if (which->questions >= QUESTIONS_MAX)
			forget(which);
		else
			ask(self, which);
	}
}
