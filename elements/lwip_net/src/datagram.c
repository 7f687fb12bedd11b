/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fragmentation left to the device (VirtIO 1.2, 5.1.6.2, VIRTIO_NET_F_HOST_UFO): lwIP cuts a UDP datagram that exceeds the MTU
 * into IP fragments (RFC 791, 3.2), one behind the other. They are kept back until the last one is there; then the whole leaves
 * in one frame, which the device cuts again where it has to. Fragments that something else comes after leave as they are.
 */
#include <base/base.h>
#include <lwip/ip4.h>
#include <lwip/pbuf.h>
#include <lwip/prot/ethernet.h>
#include <lwip/prot/udp.h>
#include <lwip_net/host.h>
#include <memstr/memstr.h>
#include "lwip_net_internal.h"

enum {
	IP_END = SIZEOF_ETH_HDR + IP_HLEN,
	HEADER_BYTES = IP_END + UDP_HLEN,
	FRAGMENTS_MAX = 48,   /* of the greatest datagram at an MTU of 1500 there are 45 */
	FRAGMENT_UNIT = 8,    /* what an offset counts */
	IP_PACKET_BYTES_MAX = UINT16_MAX,
};

struct lwip_net_datagram {
	uint8_t headers[HEADER_BYTES];
	uint16_t fragment_bytes;   /* behind the IP header, of each but the last */
	size_t bytes;              /* behind the IP header, of all */
	size_t part_count, fragment_count;
	net_segment_t parts[NET_SEGMENTS_MAX]; /* the first is `headers` */
	struct pbuf *fragments[FRAGMENTS_MAX];
};

/* Its IP header, if it is such a fragment. */
static const struct ip_hdr *find_fragment(const struct pbuf *frame)
{
	const struct eth_hdr *ethernet = frame->payload;
	const struct ip_hdr *ip = (const void *)(ethernet + 1);
	bool is_fragment = frame->len >= IP_END && ethernet->type == PP_HTONS(ETHTYPE_IP) && IPH_PROTO(ip) == IP_PROTO_UDP &&
			   IPH_HL_BYTES(ip) == IP_HLEN && (IPH_OFFSET(ip) & PP_HTONS(IP_OFFMASK | IP_MF));
	return is_fragment ? ip : NULL;
}

static bool append(struct lwip_net_datagram *datagram, struct pbuf *frame, size_t skip)
{
	size_t count = lwip_net_describe(datagram->parts, datagram->part_count, frame, skip);
	if (!count || datagram->fragment_count == FRAGMENTS_MAX)
		return false;
	pbuf_ref(frame);
	datagram->part_count = count;
	datagram->fragments[datagram->fragment_count++] = frame;
	datagram->bytes += frame->tot_len - IP_END;
	return true;
}

static struct lwip_net_datagram *begin(struct pbuf *frame)
{
	struct lwip_net_datagram *datagram = frame->tot_len > HEADER_BYTES ? lwip_net_host_alloc(sizeof *datagram) : NULL;
	if (!datagram)
		return NULL;
	datagram->fragment_bytes = (uint16_t)(frame->tot_len - IP_END);
	datagram->bytes = datagram->fragment_count = 0;
	datagram->parts[0] = (net_segment_t){ datagram->headers, HEADER_BYTES };
	datagram->part_count = 1;
	(void)pbuf_copy_partial(frame, datagram->headers, HEADER_BYTES, 0);
	if (append(datagram, frame, HEADER_BYTES))
		return datagram;
	lwip_net_host_free(datagram);
	return NULL;
}

/* The same packet, from where what is there ends. */
static bool follows(const struct lwip_net_datagram *datagram, const struct ip_hdr *ip, const struct pbuf *frame)
{
	const struct ip_hdr *first = (const void *)(datagram->headers + SIZEOF_ETH_HDR);
	size_t offset = (size_t)(lwip_ntohs(IPH_OFFSET(ip)) & IP_OFFMASK) * FRAGMENT_UNIT, bytes = frame->tot_len - IP_END;
	return !memcmp(datagram->headers, frame->payload, SIZEOF_ETH_HDR) && first->_id == ip->_id &&
	       !memcmp(&first->src, &ip->src, sizeof ip->src + sizeof ip->dest) && offset == datagram->bytes &&
	       bytes <= datagram->fragment_bytes && IP_HLEN + offset + bytes <= IP_PACKET_BYTES_MAX;
}

void lwip_net_release_datagram(struct lwip_net_datagram *datagram)
{
	for (size_t i = 0; i < datagram->fragment_count; i++)
		pbuf_free(datagram->fragments[i]);
	lwip_net_host_free(datagram);
}

void lwip_net_send_fragments(lwip_net_t *self)
{
	struct lwip_net_datagram *datagram = self->datagram;
	if (!datagram)
		return;
	self->datagram = NULL;
	for (size_t i = 0; i < datagram->fragment_count; i++)
		(void)(lwip_net_hand_out(self, datagram->fragments[i]) == ERR_OK); /* a packet may get lost */
	lwip_net_release_datagram(datagram);
}

/* One packet that is no fragment; the checksum is the device's, which begins with that of the pseudo header (RFC 768). */
static err_t send_whole(lwip_net_t *self)
{
	struct lwip_net_datagram *datagram = self->datagram;
	struct ip_hdr *ip = (void *)(datagram->headers + SIZEOF_ETH_HDR);
	struct udp_hdr *udp = (void *)(datagram->headers + IP_END);
	IPH_LEN_SET(ip, lwip_htons((uint16_t)(IP_HLEN + datagram->bytes)));
	IPH_OFFSET_SET(ip, 0);
	lwip_net_sum_ip_header(ip);
	udp->chksum = lwip_net_pseudo_sum(datagram->headers, IP_PROTO_UDP, datagram->bytes);
	net_frame_t frame = {
		.segments = datagram->parts,
		.segment_count = datagram->part_count,
		.cookie = (char *)datagram + LWIP_NET_TAG_DATAGRAM,
		.flags = NET_FRAME_CHECKSUM | NET_FRAME_UDP,
		.checksum_start = IP_END,
		.checksum_offset = offsetof(struct udp_hdr, chksum),
		.segment_bytes = datagram->fragment_bytes,
		.header_bytes = HEADER_BYTES,
	};
	self->datagram = NULL;
	net_result_t result = lwip_net_hand_over(self, &frame);
	if (result != NET_QUEUED)
		lwip_net_release_datagram(datagram);
	return result == NET_FULL ? ERR_MEM : ERR_OK;
}

bool lwip_net_gather_fragment(lwip_net_t *self, struct pbuf *frame, err_t *error)
{
	const struct ip_hdr *ip = self->device->offloads & NET_OFFLOAD_UFO ? find_fragment(frame) : NULL;
	struct lwip_net_datagram *datagram = self->datagram;
	if (ip && datagram && follows(datagram, ip, frame) && append(datagram, frame, IP_END)) {
		if (!(IPH_OFFSET(ip) & PP_HTONS(IP_MF)))
			*error = send_whole(self);
		return true;
	}
	lwip_net_send_fragments(self);
	if (!ip || IPH_OFFSET(ip) != PP_HTONS(IP_MF))
		return false;
	self->datagram = begin(frame);
	return self->datagram;
}
