/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes before lwIP's own look at a frame:
 *
 * - lwIP reads some headers without asking how long the frame is: one whose headers are cut short goes no further (headers.c).
 * - A connection in TIME_WAIT gives way to a new one between the same ends whose first sequence number is beyond all that
 *   the old one may have received (RFC 9293, 3.6.1; RFC 6191). lwIP would answer as if the old one went on, and the peer
 *   try again a second later.
 * - Only the youngest LWIP_NET_TIME_WAIT_MAX of them are kept: lwIP looks through them all for each new connection.
 * - A listener whose queue of half-open connections is full forgets the oldest of them (as in RFC 4987, 3.3): so who completes
 *   the handshake in time gets through a flood of those who do not.
 *
 * And before a segment leaves: lwIP asks after a closed window with a byte beyond it, which it then counts as sent. An empty segment
 * with the next number, say one that opens our own window, lies beyond the peer's, who may drop it (RFC 9293, 3.10.7.4): of two who
 * both wait for a window neither would hear of the other's. So its number is that of the byte asked with.
 */
#include <lwip/priv/tcp_priv.h>
#include "headers.h"
#include "lwip_net_internal.h"

enum { SYNS_PER_TRIM = 32 };

/* An IPv6 address that is this link's is written with the interface's number in lwIP: that is not compared. */
static bool is_between(const struct tcp_pcb *pcb, const lwip_net_syn_t *syn)
{
	if (pcb->remote_port != syn->source_port || pcb->local_port != syn->destination_port)
		return false;
	if (IP_IS_V6(&pcb->remote_ip))
		return IP_IS_V6(&syn->source) && ip6_addr_zoneless_eq(ip_2_ip6(&pcb->remote_ip), ip_2_ip6(&syn->source)) &&
		       ip6_addr_zoneless_eq(ip_2_ip6(&pcb->local_ip), ip_2_ip6(&syn->destination));
	return ip_addr_eq(&pcb->remote_ip, &syn->source) && ip_addr_eq(&pcb->local_ip, &syn->destination);
}

static void replace_time_wait(const lwip_net_syn_t *syn)
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

bool lwip_net_guard(const struct netif *netif, const uint8_t *frame, size_t bytes)
{
	static unsigned syns;
	lwip_net_syn_t syn;
	switch (lwip_net_read_headers(netif_ip4_addr(netif), frame, bytes, &syn)) {
	case LWIP_NET_CUT_SHORT:
		return false;
	case LWIP_NET_SYN:
		replace_time_wait(&syn);
		if (++syns % SYNS_PER_TRIM == 0)
			trim_time_wait();
		make_room(syn.destination_port);
		return true;
	default:
		return true;
	}
}

uint32_t *lwip_port_number_empty(const struct pbuf *segment, struct tcp_hdr *header, const struct tcp_pcb *pcb, uint32_t *options)
{
	bool is_empty = segment->tot_len == TCPH_HDRLEN_BYTES(header) && !(TCPH_FLAGS(header) & (TCP_SYN | TCP_FIN));
	if (is_empty && pcb && pcb->persist_backoff && !pcb->unacked && header->seqno == lwip_htonl(pcb->snd_nxt))
		header->seqno = lwip_htonl(pcb->lastack);
	return options;
}
