/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets on their way out. A packet is one block of memory: room for the headers of each of its frames, then what IP carries.
 * With one frame all lies in one piece.
 */
#include <base/base.h>
#include <memstr/memstr.h>
#include "internal.h"

enum { FRAGMENT_UNIT = 8, UDP_CHECKSUM_OFFSET = 6 };
#define FRAGMENT_MORE 0x2000u

udp_net_packet_t *udp_net_ip_packet(const udp_net_t *self, size_t bytes)
{
	size_t carried = (self->device ? self->device->mtu : UINT16_MAX) - (size_t)IP_HEADER_BYTES;
	size_t count = 1;
	if (bytes > carried) {
		carried -= carried % FRAGMENT_UNIT;
		count = (bytes + carried - 1) / carried;
	}
	udp_net_packet_t *packet = udp_net_host_alloc(sizeof *packet + count * HEADER_ROOM + bytes);
	if (packet) {
		*packet = (udp_net_packet_t){ .references = 1, .bytes = (uint16_t)bytes, .fragment_bytes = (uint16_t)carried,
					      .count = (uint16_t)count, .ttl = TTL };
	}
	return packet;
}

void *udp_net_ip_payload(udp_net_packet_t *packet)
{
	return packet->headers[packet->count];
}

void udp_net_packet_free(udp_net_packet_t *packet)
{
	if (!--packet->references)
		udp_net_host_free(packet);
}

static void write_headers(udp_net_t *self, const udp_net_packet_t *packet, uint8_t *at, const uint8_t address[], uint16_t id,
			  size_t offset, size_t bytes)
{
	struct ethernet_header ethernet = { .type = ETHERNET_IP4 };
	unsigned fragment = (unsigned)(offset / FRAGMENT_UNIT) | (offset + bytes < packet->bytes ? FRAGMENT_MORE : 0);
	struct ip_header ip = { .version_length = 0x45, .service = packet->service,
				.bytes = NETWORK16(IP_HEADER_BYTES + bytes), .id = id,
				.fragment = NETWORK16(fragment), .ttl = packet->ttl, .protocol = packet->protocol, .from = packet->from,
				.to = packet->to };
	memcpy(ethernet.to, address, NET_ADDRESS_BYTES);
	memcpy(ethernet.from, self->device->address, NET_ADDRESS_BYTES);
	ip.checksum = (uint16_t)~net_checksum_fold(net_checksum_add(0, &ip, sizeof ip));
	memcpy(at, &ethernet, sizeof ethernet);
	memcpy(at + sizeof ethernet, &ip, sizeof ip);
}

ax_err_t udp_net_transmit(udp_net_t *self, const net_frame_t *frame)
{
	udp_net_packet_t *packet = frame->cookie;
	packet->references++;
	net_result_t result = net_device_transmit(self->device, frame);
	if (result == NET_FULL) {
		net_device_kick(self->device);
		net_device_reclaim(self->device);
		result = net_device_transmit(self->device, frame);
	}
	if (result == NET_QUEUED)
		self->unread++;
	else
		packet->references--;
	self->kick |= result != NET_FULL;
	return result == NET_FULL ? AX_ERR_NO_BUFFERS : AX_OK;
}

ax_err_t udp_net_hand_out(udp_net_t *self, udp_net_packet_t *packet, const uint8_t address[NET_ADDRESS_BYTES])
{
	enum { HEADERS = NET_HEADER_BYTES + IP_HEADER_BYTES };
	uint16_t id = self->next_id++;
	ax_err_t error = AX_OK;
	for (size_t i = 0; i < packet->count && !error; i++) {
		size_t offset = i * packet->fragment_bytes;
		size_t bytes = AX_MIN((size_t)packet->fragment_bytes, packet->bytes - offset);
		uint8_t *headers = packet->headers[i] + HEADER_ROOM - HEADERS;
		const uint8_t *payload = (const uint8_t *)udp_net_ip_payload(packet) + offset;
		net_segment_t segments[] = { { headers, HEADERS }, { payload, bytes } };
		net_frame_t frame = { .segments = segments, .segment_count = 2, .cookie = packet };
		if (packet->count == 1) {
			segments[0].bytes += bytes;
			frame.segment_count = 1;
		}
		if (packet->is_summed_later) {
			frame.flags = NET_FRAME_CHECKSUM;
			frame.checksum_start = HEADERS;
			frame.checksum_offset = UDP_CHECKSUM_OFFSET;
		}
		write_headers(self, packet, headers, address, NETWORK16(id), offset, bytes);
		error = udp_net_transmit(self, &frame);
	}
	return error;
}

/* The neighbour that the packet goes to, or 0. */
static udp_net_ip_t next_hop(const udp_net_t *self, udp_net_ip_t ip)
{
	if (!self->device || !self->ip)
		return 0;
	return (ip & self->mask) == (self->ip & self->mask) ? ip : self->gateway;
}

bool udp_net_can_reach(const udp_net_t *self, udp_net_ip_t ip)
{
	return ip_is_own(self, ip) || (self->device && ip_is_broadcast(self, ip)) || next_hop(self, ip);
}

ax_err_t udp_net_ip_out(udp_net_t *self, udp_net_packet_t *packet, uint8_t protocol, udp_net_ip_t from, udp_net_ip_t to)
{
	static const uint8_t all[NET_ADDRESS_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	packet->protocol = protocol;
	packet->from = from;
	packet->to = to;
	if (ip_is_own(self, to)) {
		packet->next = NULL;
		if (self->loop_last)
			self->loop_last->next = packet;
		else
			self->loop_first = packet;
		self->loop_last = packet;
		return AX_OK;
	}
	udp_net_ip_t hop = next_hop(self, to);
	ax_err_t error = AX_ERR_NETWORK_UNREACHABLE;
	if (self->device && ip_is_broadcast(self, to))
		error = udp_net_hand_out(self, packet, all);
	else if (hop)
		return udp_net_to_neighbour(self, packet, hop);
	udp_net_packet_free(packet);
	return error;
}
