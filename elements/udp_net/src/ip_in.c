/* SPDX-License-Identifier: Apache-2.0 */
/* Received IPv4 packets (RFC 791; RFC 1122, 3.2.1). Who sends to others, or makes no sense, is not answered. */
#include <memstr/memstr.h>
#include "internal.h"

enum { VERSION_4 = 0x40, WORD = 4, FRAGMENT_UNIT = 8, UNREACHABLE_PROTOCOL = 2 };
#define FRAGMENT_MORE   0x2000u
#define FRAGMENT_OFFSET 0x1fffu

/* A machine's address: no group's, nobody's, not our own. */
static bool is_sender(const udp_net_t *self, udp_net_ip_t ip)
{
	enum { GROUP = 224 };
	return ip && (ip & 0xff) < GROUP && !ip_is_loop(ip) && ip != self->ip && !ip_is_broadcast(self, ip);
}

bool udp_net_payload_in(udp_net_t *self, const ip_in_t *in)
{
	switch (in->protocol) {
	case PROTOCOL_UDP:
		return udp_net_udp_in(self, in);
	case PROTOCOL_ICMP:
		udp_net_icmp_in(self, in);
		return false;
	default:
		self->dropped++;
		udp_net_unreachable(self, in, UNREACHABLE_PROTOCOL);
		return false;
	}
}

/* The frame may be longer than the packet, never shorter: Ethernet pads. */
static bool is_good(const udp_net_t *self, const net_buffer_t *frame, const struct ip_header *ip, size_t header_bytes)
{
	size_t bytes = NETWORK16(ip->bytes);
	if ((ip->version_length & 0xf0) != VERSION_4 || header_bytes < IP_HEADER_BYTES || header_bytes > bytes)
		return false;
	if (bytes > frame->frame_bytes - NET_HEADER_BYTES || header_bytes > frame->bytes - NET_HEADER_BYTES)
		return false;
	if (net_checksum_fold(net_checksum_add(0, frame->data + NET_HEADER_BYTES, header_bytes)) != UINT16_MAX)
		return false;
	return is_sender(self, ip->from);
}

bool udp_net_ip_in(udp_net_t *self, net_buffer_t *frame)
{
	struct ip_header ip;
	if (frame->bytes < NET_HEADER_BYTES + sizeof ip)
		goto senseless;
	memcpy(&ip, frame->data + NET_HEADER_BYTES, sizeof ip);
	size_t header_bytes = (size_t)(ip.version_length & 15) * WORD;
	if (!is_good(self, frame, &ip, header_bytes))
		goto senseless;
	ip_in_t in = {
		.frame = frame, .from = ip.from, .to = ip.to, .protocol = ip.protocol,
		.is_checked = frame->flags & NET_BUFFER_CHECKED, .is_broadcast = ip_is_broadcast(self, ip.to),
		.offset = (uint16_t)(NET_HEADER_BYTES + header_bytes), .bytes = (uint16_t)(NETWORK16(ip.bytes) - header_bytes),
	};
	if (ip.to != self->ip && !in.is_broadcast)
		return false;
	unsigned fragment = NETWORK16(ip.fragment);
	if (!(fragment & (FRAGMENT_MORE | FRAGMENT_OFFSET)))
		return udp_net_payload_in(self, &in);
	udp_net_fragment_in(self, &in, ip.id, (size_t)(fragment & FRAGMENT_OFFSET) * FRAGMENT_UNIT, !(fragment & FRAGMENT_MORE));
	return false;
senseless:
	self->dropped++;
	return false;
}
