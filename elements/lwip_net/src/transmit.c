/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames on their way out. A pbuf chain is described to the device as it lies there. The TCP checksum, where the device
 * sums it, is prepared: the field holds the pseudo header's sum (RFC 9293, 3.1; RFC 8200, 8.1). lwIP has all headers in
 * the first pbuf, and sends no extension headers before TCP.
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

size_t lwip_net_find_tcp(const void *headers, size_t bytes)
{
	const struct eth_hdr *ethernet = headers;
	const void *at = (const uint8_t *)headers + SIZEOF_ETH_HDR;
	if (bytes < SIZEOF_ETH_HDR + IP_HLEN + TCP_HLEN)
		return 0;
	if (ethernet->type == PP_HTONS(ETHTYPE_IP)) {
		const struct ip_hdr *ip = at;
		bool is_tcp = IPH_PROTO(ip) == IP_PROTO_TCP && !(IPH_OFFSET(ip) & PP_HTONS(IP_OFFMASK | IP_MF));
		return is_tcp ? SIZEOF_ETH_HDR + IPH_HL_BYTES(ip) : 0;
	}
	const struct ip6_hdr *ip = at;
	bool is_tcp = ethernet->type == PP_HTONS(ETHTYPE_IPV6) && bytes >= SIZEOF_ETH_HDR + IP6_HLEN + TCP_HLEN &&
		      IP6H_NEXTH(ip) == IP6_NEXTH_TCP;
	return is_tcp ? SIZEOF_ETH_HDR + IP6_HLEN : 0;
}

bool lwip_net_is_ip6(const void *headers)
{
	return ((const struct eth_hdr *)headers)->type == PP_HTONS(ETHTYPE_IPV6);
}

uint16_t lwip_net_pseudo_sum(const void *headers, uint16_t protocol, size_t bytes)
{
	const void *at = (const uint8_t *)headers + SIZEOF_ETH_HDR;
	const struct ip_hdr *ip4 = at;
	const struct ip6_hdr *ip6 = at;
	uint64_t sum = lwip_net_is_ip6(headers) ? net_checksum_add(0, &ip6->src, sizeof ip6->src + sizeof ip6->dest)
						: net_checksum_add(0, &ip4->src, sizeof ip4->src + sizeof ip4->dest);
	return net_checksum_fold(sum + lwip_htons(protocol) + lwip_htons((uint16_t)bytes));
}

void lwip_net_sum_ip_header(struct ip_hdr *ip)
{
	IPH_CHKSUM_SET(ip, 0);
	IPH_CHKSUM_SET(ip, (uint16_t)~net_checksum_fold(net_checksum_add(0, ip, sizeof *ip)));
}

static void prepare_checksum(const lwip_net_t *self, net_frame_t *description, struct pbuf *frame)
{
	if (self->checksums & NETIF_CHECKSUM_GEN_TCP)
		return;
	size_t start = lwip_net_find_tcp(frame->payload, frame->len);
	if (!start)
		return;
	struct tcp_hdr *tcp = (void *)((uint8_t *)frame->payload + start);
	tcp->chksum = lwip_net_pseudo_sum(frame->payload, IP_PROTO_TCP, frame->tot_len - start);
	description->flags = NET_FRAME_CHECKSUM;
	description->checksum_start = (uint16_t)start;
	description->checksum_offset = offsetof(struct tcp_hdr, chksum);
}

/* What lies behind the part before belongs to it. */
size_t lwip_net_describe(net_segment_t parts[NET_SEGMENTS_MAX], size_t count, const struct pbuf *frame, size_t skip)
{
	for (; frame; frame = frame->next) {
		if (frame->len <= skip) {
			skip -= frame->len;
			continue;
		}
		const uint8_t *start = (const uint8_t *)frame->payload + skip;
		size_t bytes = frame->len - skip;
		skip = 0;
		if (count && (const uint8_t *)parts[count - 1].start + parts[count - 1].bytes == start)
			parts[count - 1].bytes += bytes;
		else if (count == NET_SEGMENTS_MAX)
			return 0;
		else
			parts[count++] = (net_segment_t){ start, bytes };
	}
	return count;
}

net_result_t lwip_net_hand_over(lwip_net_t *self, const net_frame_t *frame)
{
	net_result_t result = net_device_transmit(self->device, frame);
	if (result == NET_FULL) {
		net_device_kick(self->device);
		net_device_reclaim(self->device);
		result = net_device_transmit(self->device, frame);
	}
	self->untold += result != NET_FULL;
	self->unread += result == NET_QUEUED;
	return result;
}

err_t lwip_net_hand_out(lwip_net_t *self, struct pbuf *frame)
{
	net_segment_t segments[NET_SEGMENTS_MAX];
	net_frame_t description = { .segments = segments, .cookie = frame };
	description.segment_count = lwip_net_describe(segments, 0, frame, 0);
	if (!description.segment_count)
		return ERR_BUF;
	prepare_checksum(self, &description, frame);
	net_result_t result = lwip_net_hand_over(self, &description);
	if (result == NET_FULL)
		return ERR_MEM; /* TCP tries again, others lose a packet, as on any full wire */
	if (result == NET_QUEUED)
		pbuf_ref(frame);
	return ERR_OK;
}

err_t lwip_net_transmit(struct netif *netif, struct pbuf *frame)
{
	lwip_net_t *self = netif->state;
	err_t error = ERR_OK;
	if (lwip_net_gather(self, frame))
		return ERR_OK;
	if (!lwip_net_send_gathered(self)) /* what came before goes before */
		return ERR_MEM;
	if (lwip_net_gather_fragment(self, frame, &error))
		return error;
	error = lwip_net_hand_out(self, frame);
	if (error != ERR_BUF)
		return error;
	struct pbuf *whole = pbuf_clone(PBUF_RAW, PBUF_RAM, frame);
	if (!whole)
		return ERR_MEM;
	error = lwip_net_hand_out(self, whole);
	pbuf_free(whole);
	return error;
}
