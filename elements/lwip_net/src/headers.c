/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lwIP reads without asking whether it is there:
 *
 * - the headers of ARP (RFC 826), IPv4 and IPv6;
 * - the options of TCP (RFC 9293, 3.1): the length of one whose kind is the header's last byte, and all of those whose
 *   length is too much. A sender that respects the standard has them end inside the header;
 * - of a UDP datagram to another address the port, which may be DHCP's. A fragment to our own may be as short as it likes.
 *
 * The TCP header of a datagram in fragments is in the first of them, all of it (RFC 1858, 3.2.2; RFC 8200, 4.5).
 */
#include "headers.h"

#include <lwip/ip.h>
#include <lwip/ip4.h>
#include <lwip/ip6.h>
#include <lwip/prot/etharp.h>
#include <lwip/prot/ethernet.h>
#include <lwip/prot/tcp.h>
#include <memstr/memstr.h>
#include <stdbool.h>

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_HEADER = 2, EXTENSION_UNIT = 8, UDP_PORTS = 4 };

static bool options_end_inside(const uint8_t *at, size_t bytes)
{
	while (bytes) {
		if (*at == OPTION_END)
			return true;
		size_t length = 1;
		if (*at != OPTION_NOP) {
			if (bytes < OPTION_HEADER || at[1] < OPTION_HEADER || at[1] > bytes)
				return false;
			length = at[1];
		}
		at += length;
		bytes -= length;
	}
	return true;
}

static lwip_net_headers_t read_tcp(const uint8_t *at, size_t bytes, lwip_net_syn_t *syn)
{
	struct tcp_hdr tcp;
	if (bytes < sizeof tcp)
		return LWIP_NET_CUT_SHORT;
	memcpy(&tcp, at, sizeof tcp);
	size_t header = TCPH_HDRLEN_BYTES(&tcp);
	if (header < sizeof tcp || header > bytes || !options_end_inside(at + sizeof tcp, header - sizeof tcp))
		return LWIP_NET_CUT_SHORT;
	if ((TCPH_FLAGS(&tcp) & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return LWIP_NET_OTHER;
	syn->source_port = lwip_ntohs(tcp.src);
	syn->destination_port = lwip_ntohs(tcp.dest);
	syn->number = lwip_ntohl(tcp.seqno);
	return LWIP_NET_SYN;
}

static lwip_net_headers_t read_ip4(const ip4_addr_t *own, const uint8_t *at, size_t bytes, lwip_net_syn_t *syn)
{
	struct ip_hdr ip;
	if (bytes < sizeof ip)
		return LWIP_NET_CUT_SHORT;
	memcpy(&ip, at, sizeof ip);
	size_t header = IPH_HL_BYTES(&ip);
	if (header < sizeof ip || header > bytes)
		return LWIP_NET_CUT_SHORT;
	if (IPH_PROTO(&ip) == IP_PROTO_UDP)
		return bytes - header < UDP_PORTS && ip.dest.addr != own->addr ? LWIP_NET_CUT_SHORT : LWIP_NET_OTHER;
	if (IPH_PROTO(&ip) != IP_PROTO_TCP || (IPH_OFFSET(&ip) & PP_HTONS(IP_OFFMASK)))
		return LWIP_NET_OTHER;
	ip_addr_copy_from_ip4(syn->source, ip.src);
	ip_addr_copy_from_ip4(syn->destination, ip.dest);
	return read_tcp(at + header, bytes - header, syn);
}

static bool is_extension(uint8_t next)
{
	return next == IP6_NEXTH_HOPBYHOP || next == IP6_NEXTH_DESTOPTS || next == IP6_NEXTH_ROUTING || next == IP6_NEXTH_FRAGMENT;
}

static bool is_later_fragment(uint8_t next, const uint8_t *at)
{
	return next == IP6_NEXTH_FRAGMENT && (at[2] || at[3] >> 3);
}

/* Extension headers: RFC 8200, 4. Each says what follows it, and all but the fragment header how long they are. */
static lwip_net_headers_t read_ip6(const uint8_t *at, size_t bytes, lwip_net_syn_t *syn)
{
	struct ip6_hdr ip;
	if (bytes < sizeof ip)
		return LWIP_NET_CUT_SHORT;
	memcpy(&ip, at, sizeof ip);
	at += sizeof ip;
	bytes -= sizeof ip;
	uint8_t next = IP6H_NEXTH(&ip);
	while (is_extension(next)) {
		if (bytes < EXTENSION_UNIT)
			return LWIP_NET_CUT_SHORT;
		if (is_later_fragment(next, at))
			return LWIP_NET_OTHER;
		size_t length = next == IP6_NEXTH_FRAGMENT ? EXTENSION_UNIT : EXTENSION_UNIT * (1u + at[1]);
		if (length > bytes)
			return LWIP_NET_CUT_SHORT;
		next = at[0];
		at += length;
		bytes -= length;
	}
	if (next != IP6_NEXTH_TCP)
		return LWIP_NET_OTHER;
	ip_addr_copy_from_ip6_packed(syn->source, ip.src);
	ip_addr_copy_from_ip6_packed(syn->destination, ip.dest);
	return read_tcp(at, bytes, syn);
}

lwip_net_headers_t lwip_net_read_headers(const ip4_addr_t *own, const uint8_t *frame, size_t bytes, lwip_net_syn_t *syn)
{
	if (bytes < SIZEOF_ETH_HDR)
		return LWIP_NET_CUT_SHORT;
	const uint8_t *at = frame + SIZEOF_ETH_HDR;
	bytes -= SIZEOF_ETH_HDR;
	switch (((const struct eth_hdr *)(const void *)frame)->type) {
	case PP_HTONS(ETHTYPE_ARP):
		return bytes < SIZEOF_ETHARP_HDR ? LWIP_NET_CUT_SHORT : LWIP_NET_OTHER;
	case PP_HTONS(ETHTYPE_IP):
		return read_ip4(own, at, bytes, syn);
	case PP_HTONS(ETHTYPE_IPV6):
		return read_ip6(at, bytes, syn);
	default:
		return LWIP_NET_OTHER;
	}
}
