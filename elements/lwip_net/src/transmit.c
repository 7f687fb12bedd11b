/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames on their way out. A pbuf chain is described to the device as it lies there. The TCP checksum, where the device
 * sums it, is prepared: the field holds the pseudo header's sum (RFC 9293, 3.1; RFC 8200, 8.1).
 */
#include <base/base.h>
#include <lwip/ip.h>
#include <lwip/ip4.h>
#include <lwip/ip6.h>
#include <lwip/pbuf.h>
#include <lwip/prot/ethernet.h>
#include <lwip/prot/tcp.h>
#include <memstr/memstr.h>
#include "lwip_net_internal.h"

/* Where the TCP header of @p frame begins, and the pseudo header's sum; 0 if it is none that the device shall sum. lwIP has
 * all headers in the first pbuf, and sends no extension headers before TCP. */
static size_t find_tcp(const struct pbuf *frame, uint16_t *pseudo_sum)
{
	const uint8_t *bytes = frame->payload;
	const struct eth_hdr *ethernet = frame->payload;
	uint64_t sum;
	size_t start;
	if (frame->len < SIZEOF_ETH_HDR + IP_HLEN + TCP_HLEN)
		return 0;
	if (ethernet->type == PP_HTONS(ETHTYPE_IP)) {
		const struct ip_hdr *ip = (const void *)(bytes + SIZEOF_ETH_HDR);
		if (IPH_PROTO(ip) != IP_PROTO_TCP || (IPH_OFFSET(ip) & PP_HTONS(IP_OFFMASK | IP_MF)))
			return 0;
		start = SIZEOF_ETH_HDR + IPH_HL_BYTES(ip);
		sum = net_checksum_add(0, &ip->src, sizeof ip->src + sizeof ip->dest);
	} else if (ethernet->type == PP_HTONS(ETHTYPE_IPV6)) {
		const struct ip6_hdr *ip = (const void *)(bytes + SIZEOF_ETH_HDR);
		if (IP6H_NEXTH(ip) != IP6_NEXTH_TCP || frame->len < SIZEOF_ETH_HDR + IP6_HLEN + TCP_HLEN)
			return 0;
		start = SIZEOF_ETH_HDR + IP6_HLEN;
		sum = net_checksum_add(0, &ip->src, sizeof ip->src + sizeof ip->dest);
	} else {
		return 0;
	}
	sum += PP_HTONS(IP_PROTO_TCP);
	sum += lwip_htons((uint16_t)(frame->tot_len - start));
	*pseudo_sum = net_checksum_fold(sum);
	return start;
}

static void prepare_checksum(const lwip_net_t *self, net_frame_t *description, struct pbuf *frame)
{
	uint16_t sum;
	if (self->checksums & NETIF_CHECKSUM_GEN_TCP)
		return;
	size_t start = find_tcp(frame, &sum);
	if (!start)
		return;
	struct tcp_hdr *tcp = (void *)((uint8_t *)frame->payload + start);
	tcp->chksum = sum;
	description->flags = NET_FRAME_CHECKSUM;
	description->checksum_start = (uint16_t)start;
	description->checksum_offset = offsetof(struct tcp_hdr, chksum);
}

/* 0: more pieces than a device takes. */
static size_t describe(const struct pbuf *frame, net_segment_t segments[NET_SEGMENTS_MAX])
{
	size_t count = 0;
	for (; frame; frame = frame->next) {
		if (!frame->len)
			continue;
		if (count == NET_SEGMENTS_MAX)
			return 0;
		segments[count++] = (net_segment_t){ frame->payload, frame->len };
	}
	return count;
}

static err_t hand_out(lwip_net_t *self, struct pbuf *frame)
{
	net_segment_t segments[NET_SEGMENTS_MAX];
	net_frame_t description = { .segments = segments, .cookie = frame };
	description.segment_count = describe(frame, segments);
	if (!description.segment_count)
		return ERR_BUF;
	prepare_checksum(self, &description, frame);
	net_result_t result = net_device_transmit(self->device, &description);
	if (result == NET_FULL) {
		net_device_kick(self->device);
		net_device_reclaim(self->device);
		result = net_device_transmit(self->device, &description);
	}
	if (result == NET_FULL)
		return ERR_MEM; /* TCP tries again, others lose a packet, as on any full wire */
	if (result == NET_QUEUED)
		pbuf_ref(frame);
	self->kick = true;
	return ERR_OK;
}

err_t lwip_net_transmit(struct netif *netif, struct pbuf *frame)
{
	lwip_net_t *self = netif->state;
	err_t error = hand_out(self, frame);
	if (error != ERR_BUF)
		return error;
	struct pbuf *whole = pbuf_clone(PBUF_RAW, PBUF_RAM, frame);
	if (!whole)
		return ERR_MEM;
	error = hand_out(self, whole);
	pbuf_free(whole);
	return error;
}
