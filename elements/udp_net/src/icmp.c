/* SPDX-License-Identifier: Apache-2.0 */
/* ICMP (RFC 792; RFC 1122, 3.2.2): echoes are answered, and senders told of ports and protocols that nobody serves. */
#include <memstr/memstr.h>
#include "internal.h"

enum { ECHO_REPLY = 0, UNREACHABLE = 3, ECHO = 8, ICMP_HEADER_BYTES = 8, QUOTED_BYTES = 8 };
#define ERROR_INTERVAL_NS UINT64_C(2000000) /* 500 errors a second: enough to be told by, too few for a flood of them */

struct icmp_header {
	uint8_t type, code;
	uint16_t checksum;
	uint32_t rest;
};
_Static_assert(sizeof(struct icmp_header) == ICMP_HEADER_BYTES, "RFC 792");

static void send(udp_net_t *self, udp_net_packet_t *packet, const ip_in_t *to)
{
	struct icmp_header *icmp = udp_net_ip_payload(packet);
	icmp->checksum = 0;
	icmp->checksum = (uint16_t)~net_checksum_fold(net_checksum_add(0, icmp, packet->bytes));
	if (udp_net_ip_out(self, packet, PROTOCOL_ICMP, to->to, to->from))
		self->dropped++; /* the interface's queue is full: ICMP may be lost */
}

void udp_net_icmp_in(udp_net_t *self, const ip_in_t *in)
{
	struct icmp_header icmp;
	if (in->bytes < sizeof icmp || net_checksum_fold(udp_net_sum(0, in->frame, in->offset, in->bytes)) != UINT16_MAX) {
		self->dropped++;
		return;
	}
	udp_net_copy_out(in->frame, in->offset, &icmp, sizeof icmp);
	if (icmp.type != ECHO || icmp.code || in->is_broadcast)
		return;
	udp_net_packet_t *packet = udp_net_ip_packet(self, in->bytes);
	if (!packet) {
		self->dropped++;
		return;
	}
	udp_net_copy_out(in->frame, in->offset, udp_net_ip_payload(packet), in->bytes);
	((struct icmp_header *)udp_net_ip_payload(packet))->type = ECHO_REPLY;
	send(self, packet, in);
}

/* Broadcasts are not answered, nor what this machine has sent itself. */
void udp_net_unreachable(udp_net_t *self, const ip_in_t *in, uint8_t code)
{
	uint64_t now_ns = udp_net_host_now_ns();
	if (in->is_broadcast || ip_is_own(self, in->from) || now_ns < self->error_ns || in->bytes < QUOTED_BYTES)
		return;
	udp_net_packet_t *packet = udp_net_ip_packet(self, ICMP_HEADER_BYTES + IP_HEADER_BYTES + QUOTED_BYTES);
	if (!packet)
		return;
	self->error_ns = now_ns + ERROR_INTERVAL_NS;
	uint8_t *at = udp_net_ip_payload(packet);
	struct icmp_header icmp = { .type = UNREACHABLE, .code = code };
	struct ip_header ip = { .version_length = 0x45, .bytes = NETWORK16(in->bytes + IP_HEADER_BYTES), .ttl = TTL,
				.protocol = in->protocol, .from = in->from, .to = in->to };
	ip.checksum = (uint16_t)~net_checksum_fold(net_checksum_add(0, &ip, sizeof ip));
	memcpy(at, &icmp, sizeof icmp);
	memcpy(at + ICMP_HEADER_BYTES, &ip, sizeof ip);
	udp_net_copy_out(in->frame, in->offset, at + ICMP_HEADER_BYTES + IP_HEADER_BYTES, QUOTED_BYTES);
	send(self, packet, in);
}
