/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segmentation left to the device (VirtIO 1.2, 5.1.6.2): lwIP makes segments of one MTU; those of a connection that follow
 * each other are joined on their way out into one frame of up to 64 KiB, which the device cuts again. It costs the device,
 * and who receives without cutting it (a guest's host does), one frame instead of thirty.
 *
 * A segment with enough payload is kept back. The next one is joined to it if it goes on where that ended and is no longer
 * than it; it has the frame leave first otherwise. What is kept back leaves when lwIP's caller is done (lwip_net_flush()).
 * The joined frame's headers are a copy of the first one's, with the last one's acknowledgement, window and options, and
 * PSH and FIN if any had them: the device puts those into the last segment that it makes (section 5.1.6.2.1). The payload
 * stays where it is; each segment's pbuf is referred to until the device has read it, so that lwIP sends none again before.
 */
#include <base/base.h>
#include <lwip/ip4.h>
#include <lwip/ip6.h>
#include <lwip/pbuf.h>
#include <lwip/prot/ethernet.h>
#include <lwip/prot/tcp.h>
#include <lwip_net/host.h>
#include <memstr/memstr.h>
#include "lwip_net_internal.h"

enum {
	HEADERS_MAX = SIZEOF_ETH_HDR + IP6_HLEN + 60, /* with all options of TCP */
	PAYLOAD_MIN = 512,                            /* less is not worth the copy of the headers */
	IP_BYTES_MAX = UINT16_MAX,
};

struct lwip_net_batch {
	uint8_t headers[HEADERS_MAX];
	uint16_t tcp_start, header_bytes;
	uint16_t segment_bytes;          /* payload of each segment but the last, which may have less */
	bool is_complete;                /* nothing can follow */
	uint32_t next_number;            /* the sequence number that goes on */
	size_t payload_bytes, part_count, frame_count;
	net_segment_t parts[NET_SEGMENTS_MAX]; /* the first is `headers` */
	struct pbuf *frames[NET_SEGMENTS_MAX];
};

/* A segment to be sent. */
typedef struct segment {
	const uint8_t *headers;
	const struct tcp_hdr *tcp;
	uint16_t tcp_start, header_bytes, payload_bytes;
	size_t part_count;
} segment_t;

static bool may_be_cut(const lwip_net_t *self, const uint8_t *headers)
{
	return self->device->offloads & (lwip_net_is_ip6(headers) ? NET_OFFLOAD_TSO6 : NET_OFFLOAD_TSO4);
}

/* Headers in the first pbuf, no options of IP, no flags but those that joining keeps. */
static bool read_segment(const lwip_net_t *self, const struct pbuf *frame, segment_t *segment)
{
	const uint8_t *headers = frame->payload;
	size_t tcp_start;
	if ((self->checksums & NETIF_CHECKSUM_GEN_TCP) || frame->tot_len < SIZEOF_ETH_HDR + IP_HLEN + TCP_HLEN + PAYLOAD_MIN)
		return false;
	tcp_start = lwip_net_find_tcp(headers, frame->len);
	if (!tcp_start || !may_be_cut(self, headers) || (!lwip_net_is_ip6(headers) && tcp_start != SIZEOF_ETH_HDR + IP_HLEN))
		return false;
	const struct tcp_hdr *tcp = (const void *)(headers + tcp_start);
	size_t header_bytes = tcp_start + TCPH_HDRLEN_BYTES(tcp);
	if (frame->len < header_bytes || frame->tot_len < header_bytes + PAYLOAD_MIN)
		return false;
	if ((TCPH_FLAGS(tcp) & ~(TCP_PSH | TCP_FIN)) != TCP_ACK)
		return false;
	*segment = (segment_t){ headers, tcp, (uint16_t)tcp_start, (uint16_t)header_bytes,
				(uint16_t)(frame->tot_len - header_bytes), frame->len > header_bytes };
	for (const struct pbuf *pbuf = frame->next; pbuf; pbuf = pbuf->next)
		segment->part_count += pbuf->len != 0;
	return segment->part_count < NET_SEGMENTS_MAX;
}

/* Ethernet and IP alike but for lengths, checksum and the packet's identification; the same ports. */
static bool is_same_connection(const struct lwip_net_batch *batch, const segment_t *segment)
{
	const uint8_t *ours = batch->headers, *theirs = segment->headers;
	if (batch->tcp_start != segment->tcp_start || batch->header_bytes != segment->header_bytes ||
	    memcmp(ours, theirs, SIZEOF_ETH_HDR) != 0)
		return false;
	ours += SIZEOF_ETH_HDR;
	theirs += SIZEOF_ETH_HDR;
	bool is_same;
	if (lwip_net_is_ip6(batch->headers)) {
		const struct ip6_hdr *a = (const void *)ours, *b = (const void *)theirs;
		is_same = a->_v_tc_fl == b->_v_tc_fl && a->_nexth == b->_nexth && a->_hoplim == b->_hoplim &&
			  !memcmp(&a->src, &b->src, sizeof a->src + sizeof a->dest);
	} else {
		const struct ip_hdr *a = (const void *)ours, *b = (const void *)theirs;
		is_same = a->_v_hl == b->_v_hl && a->_tos == b->_tos && a->_offset == b->_offset && a->_ttl == b->_ttl &&
			  a->_proto == b->_proto && !memcmp(&a->src, &b->src, sizeof a->src + sizeof a->dest);
	}
	const struct tcp_hdr *tcp = (const void *)(batch->headers + batch->tcp_start);
	return is_same && tcp->src == segment->tcp->src && tcp->dest == segment->tcp->dest;
}

static bool follows(const struct lwip_net_batch *batch, const segment_t *segment)
{
	return !batch->is_complete && lwip_ntohl(segment->tcp->seqno) == batch->next_number &&
	       segment->payload_bytes <= batch->segment_bytes &&
	       batch->part_count + segment->part_count <= NET_SEGMENTS_MAX && batch->frame_count < NET_SEGMENTS_MAX &&
	       batch->header_bytes - SIZEOF_ETH_HDR + batch->payload_bytes + segment->payload_bytes <= IP_BYTES_MAX &&
	       is_same_connection(batch, segment);
}

static void append(struct lwip_net_batch *batch, const segment_t *segment, struct pbuf *frame)
{
	batch->part_count = lwip_net_describe(batch->parts, batch->part_count, frame, segment->header_bytes); /* there is room */
	pbuf_ref(frame);
	batch->frames[batch->frame_count++] = frame;
	batch->payload_bytes += segment->payload_bytes;
	batch->next_number = lwip_ntohl(segment->tcp->seqno) + segment->payload_bytes;
	batch->is_complete = segment->payload_bytes < batch->segment_bytes || (TCPH_FLAGS(segment->tcp) & TCP_FIN);
}

static void join(struct lwip_net_batch *batch, const segment_t *segment, struct pbuf *frame)
{
	struct tcp_hdr *tcp = (void *)(batch->headers + batch->tcp_start);
	uint32_t number = tcp->seqno;
	uint8_t flags = TCPH_FLAGS(tcp);
	memcpy(tcp, segment->tcp, (size_t)(batch->header_bytes - batch->tcp_start));
	tcp->seqno = number;
	TCPH_SET_FLAG(tcp, flags);
	append(batch, segment, frame);
}

static bool begin(lwip_net_t *self, const segment_t *segment, struct pbuf *frame)
{
	struct lwip_net_batch *batch = lwip_net_host_alloc(sizeof *batch);
	if (!batch)
		return false;
	memcpy(batch->headers, segment->headers, segment->header_bytes);
	batch->tcp_start = segment->tcp_start;
	batch->header_bytes = segment->header_bytes;
	batch->segment_bytes = segment->payload_bytes;
	batch->payload_bytes = batch->frame_count = 0;
	batch->parts[0] = (net_segment_t){ batch->headers, batch->header_bytes };
	batch->part_count = 1;
	append(batch, segment, frame);
	self->gathered = batch;
	return true;
}

bool lwip_net_gather(lwip_net_t *self, struct pbuf *frame)
{
	segment_t segment;
	if (!read_segment(self, frame, &segment))
		return false;
	if (self->gathered && follows(self->gathered, &segment)) {
		join(self->gathered, &segment, frame);
		return true;
	}
	return lwip_net_send_gathered(self) && begin(self, &segment, frame);
}

static void release(struct lwip_net_batch *batch)
{
	for (size_t i = 0; i < batch->frame_count; i++)
		pbuf_free(batch->frames[i]);
	lwip_net_host_free(batch);
}

/* Lengths and checksums are those of the whole: the device makes the segments' own from them. */
static void finish_headers(struct lwip_net_batch *batch)
{
	size_t ip_bytes = batch->header_bytes - SIZEOF_ETH_HDR + batch->payload_bytes;
	void *at = batch->headers + SIZEOF_ETH_HDR;
	if (lwip_net_is_ip6(batch->headers)) {
		IP6H_PLEN_SET((struct ip6_hdr *)at, (uint16_t)(ip_bytes - IP6_HLEN));
	} else {
		struct ip_hdr *ip = at;
		IPH_LEN_SET(ip, lwip_htons((uint16_t)ip_bytes));
		lwip_net_sum_ip_header(ip);
	}
	struct tcp_hdr *tcp = (void *)(batch->headers + batch->tcp_start);
	tcp->chksum = lwip_net_pseudo_sum(batch->headers, IP_PROTO_TCP, batch->header_bytes - batch->tcp_start + batch->payload_bytes);
}

bool lwip_net_send_gathered(lwip_net_t *self)
{
	struct lwip_net_batch *batch = self->gathered;
	if (!batch)
		return true;
	finish_headers(batch);
	net_frame_t frame = {
		.segments = batch->parts,
		.segment_count = batch->part_count,
		.cookie = (char *)batch + LWIP_NET_TAG_BATCH,
		.flags = (uint16_t)(NET_FRAME_CHECKSUM | (lwip_net_is_ip6(batch->headers) ? NET_FRAME_IPV6 : 0)),
		.checksum_start = batch->tcp_start,
		.checksum_offset = offsetof(struct tcp_hdr, chksum),
		.segment_bytes = batch->payload_bytes > batch->segment_bytes ? batch->segment_bytes : 0,
		.header_bytes = batch->header_bytes,
	};
	net_result_t result = lwip_net_hand_over(self, &frame);
	if (result == NET_FULL)
		return false;
	self->gathered = NULL;
	if (result == NET_SENT)
		release(batch);
	return true;
}

bool lwip_net_release_gathered(void *cookie)
{
	unsigned tag = (uintptr_t)cookie & LWIP_NET_TAGS;
	void *at = (char *)cookie - tag;
	if (tag == LWIP_NET_TAG_BATCH)
		release(at);
	else if (tag == LWIP_NET_TAG_DATAGRAM)
		lwip_net_release_datagram(at);
	return tag;
}
