/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes before lwIP's own look at a frame:
 *
 * - lwIP reads the headers of ARP (RFC 826), IPv4 and IPv6 without asking how long the frame is: one that is cut short
 *   goes no further.
 * - A connection in TIME_WAIT gives way to a new one between the same ends whose first sequence number is beyond all that
 *   the old one may have received (RFC 9293, 3.6.1; RFC 6191). lwIP would answer as if the old one went on, and the peer
 *   try again a second later.
 * - Only the youngest LWIP_NET_TIME_WAIT_MAX of them are kept: lwIP looks through them all for each new connection.
 * - A listener whose queue of half-open connections is full forgets the oldest of them (as in RFC 4987, 3.3): so who completes
 *   the handshake in time gets through a flood of those who do not.
 */
#include <lwip/ip.h>
#include <lwip/ip4.h>
#include <lwip/ip6.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/prot/etharp.h>
#include <lwip/prot/ethernet.h>
#include <lwip/prot/tcp.h>
#include <memstr/memstr.h>
#include "lwip_net_internal.h"

enum { SYNS_PER_TRIM = 32 };

/* The ends of a segment, and its number. */
typedef struct syn {
	ip_addr_t source, destination;
	uint16_t source_port, destination_port;
	uint32_t number;
} syn_t;

static bool read_tcp(const uint8_t *at, size_t bytes, syn_t *syn)
{
	struct tcp_hdr tcp;
	if (bytes < sizeof tcp)
		return false;
	memcpy(&tcp, at, sizeof tcp);
	if ((TCPH_FLAGS(&tcp) & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return false;
	syn->source_port = lwip_ntohs(tcp.src);
	syn->destination_port = lwip_ntohs(tcp.dest);
	syn->number = lwip_ntohl(tcp.seqno);
	return true;
}

/* Whether the frame is a SYN that asks for a connection. */
static bool read_syn(const uint8_t *frame, size_t bytes, syn_t *syn)
{
	const struct eth_hdr *ethernet = (const void *)frame;
	const uint8_t *at = frame + SIZEOF_ETH_HDR;
	bytes -= SIZEOF_ETH_HDR;
	if (ethernet->type == PP_HTONS(ETHTYPE_IP) && bytes >= IP_HLEN) {
		struct ip_hdr ip;
		memcpy(&ip, at, sizeof ip);
		size_t header = IPH_HL_BYTES(&ip);
		if (IPH_PROTO(&ip) != IP_PROTO_TCP || header < IP_HLEN || header > bytes)
			return false;
		if (!read_tcp(at + header, bytes - header, syn))
			return false;
		ip_addr_copy_from_ip4(syn->source, ip.src);
		ip_addr_copy_from_ip4(syn->destination, ip.dest);
		return true;
	}
	if (ethernet->type == PP_HTONS(ETHTYPE_IPV6) && bytes >= IP6_HLEN) {
		struct ip6_hdr ip;
		memcpy(&ip, at, sizeof ip);
		if (IP6H_NEXTH(&ip) != IP6_NEXTH_TCP || !read_tcp(at + IP6_HLEN, bytes - IP6_HLEN, syn))
			return false;
		ip_addr_copy_from_ip6_packed(syn->source, ip.src);
		ip_addr_copy_from_ip6_packed(syn->destination, ip.dest);
		return true;
	}
	return false;
}

/* An IPv6 address that is this link's is written with the interface's number in lwIP: that is not compared. */
static bool is_between(const struct tcp_pcb *pcb, const syn_t *syn)
{
	if (pcb->remote_port != syn->source_port || pcb->local_port != syn->destination_port)
		return false;
	if (IP_IS_V6(&pcb->remote_ip))
		return IP_IS_V6(&syn->source) && ip6_addr_zoneless_eq(ip_2_ip6(&pcb->remote_ip), ip_2_ip6(&syn->source)) &&
		       ip6_addr_zoneless_eq(ip_2_ip6(&pcb->local_ip), ip_2_ip6(&syn->destination));
	return ip_addr_eq(&pcb->remote_ip, &syn->source) && ip_addr_eq(&pcb->local_ip, &syn->destination);
}

static void replace_time_wait(const syn_t *syn)
{
	for (struct tcp_pcb *pcb = tcp_tw_pcbs; pcb; pcb = pcb->next) {
		if (is_between(pcb, syn)) {
			if (TCP_SEQ_GT(syn->number, pcb->rcv_nxt))
				tcp_abort(pcb); /* sends nothing in this state */
			return;
		}
	}
}

/* The list has the youngest first. */
static void trim_time_wait(void)
{
	unsigned count = 0;
	for (struct tcp_pcb *pcb = tcp_tw_pcbs, *next; pcb; pcb = next) {
		next = pcb->next;
		if (++count > LWIP_NET_TIME_WAIT_MAX)
			tcp_abort(pcb);
	}
}

static void forget_oldest_half_open(const struct tcp_pcb_listen *listener)
{
	struct tcp_pcb *oldest = NULL;
	for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
		if (pcb->state == SYN_RCVD && pcb->listener == listener && (!oldest || TCP_SEQ_LT(pcb->tmr, oldest->tmr)))
			oldest = pcb;
	}
	if (oldest)
		tcp_abandon(oldest, 0);
}

static void make_room(uint16_t port)
{
	for (struct tcp_pcb_listen *listener = tcp_listen_pcbs.listen_pcbs; listener; listener = listener->next) {
		if (listener->local_port == port && listener->accepts_pending >= listener->backlog) {
			forget_oldest_half_open(listener);
			return;
		}
	}
}

static bool has_header(const uint8_t *frame, size_t bytes)
{
	if (bytes < SIZEOF_ETH_HDR)
		return false;
	switch (((const struct eth_hdr *)(const void *)frame)->type) {
	case PP_HTONS(ETHTYPE_ARP):
		return bytes >= SIZEOF_ETH_HDR + SIZEOF_ETHARP_HDR;
	case PP_HTONS(ETHTYPE_IP):
		return bytes >= SIZEOF_ETH_HDR + IP_HLEN;
	case PP_HTONS(ETHTYPE_IPV6):
		return bytes >= SIZEOF_ETH_HDR + IP6_HLEN;
	default:
		return true;
	}
}

bool lwip_net_guard(const uint8_t *frame, size_t bytes)
{
	static unsigned syns;
	syn_t syn;
	if (!has_header(frame, bytes))
		return false;
	if (!read_syn(frame, bytes, &syn))
		return true;
	replace_time_wait(&syn);
	if (++syns % SYNS_PER_TRIM == 0)
		trim_time_wait();
	make_room(syn.destination_port);
	return true;
}
