/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this component share. */
#pragma once

#include <lwip/err.h>
#include <lwip/prot/ip.h>
#include <lwip/prot/ip4.h>
#include <lwip_net/lwip_net.h>

/** lwIP's linkoutput: hand a frame to the device. */
err_t lwip_net_transmit(struct netif *netif, struct pbuf *frame);

/** Hand it to the device, which is asked to make room if it has none. */
net_result_t lwip_net_hand_over(lwip_net_t *self, const net_frame_t *frame);

/** Keep a TCP segment back, joined with those before it that it follows (gather.c). false: it is none of the sort. */
bool lwip_net_gather(lwip_net_t *self, struct pbuf *frame);

/** Hand out what was kept back. false: the device has no room, and it is kept back still. */
bool lwip_net_send_gathered(lwip_net_t *self);

/** Hand out a frame as it is. ERR_BUF: it has more pieces than a device takes. */
err_t lwip_net_hand_out(lwip_net_t *self, struct pbuf *frame);

/** Describe what of @p frame is behind its first @p skip bytes in the parts from @p count on.
 *  @return how many there are then; 0: more than NET_SEGMENTS_MAX */
size_t lwip_net_describe(net_segment_t parts[NET_SEGMENTS_MAX], size_t count, const struct pbuf *frame, size_t skip);

/**
 * Keep a fragment of a UDP datagram back, for the device to cut the whole (datagram.c). The last one has it leave.
 * @param error  ERR_MEM if it should have left and there was no room
 * @return false: it is none of the sort, and nothing is kept back
 */
bool lwip_net_gather_fragment(lwip_net_t *self, struct pbuf *frame, err_t *error);

/** Hand out what fragments were kept back, as they are. */
void lwip_net_send_fragments(lwip_net_t *self);

/** Release the fragments of a datagram that has been sent. */
void lwip_net_release_datagram(struct lwip_net_datagram *datagram);

/** What net_device_t.sent is told of a frame that is no pbuf: its address, and in the lowest bits what it is. */
enum { LWIP_NET_TAG_BATCH = 1, LWIP_NET_TAG_DATAGRAM = 2, LWIP_NET_TAGS = 3 };

/** For net_device_t.sent: whether @p cookie is that of segments which were joined; they are released. */
bool lwip_net_release_gathered(void *cookie);

/** Where the TCP header begins in the first @p bytes of a frame to be sent; 0: it has none that the device could sum. */
size_t lwip_net_find_tcp(const void *headers, size_t bytes);

/** The sum of the pseudo header of @p bytes of @p protocol, TCP or UDP, header and payload. */
uint16_t lwip_net_pseudo_sum(const void *headers, uint16_t protocol, size_t bytes);

/** Make the checksum of an IPv4 header without options right. */
void lwip_net_sum_ip_header(struct ip_hdr *ip);

bool lwip_net_is_ip6(const void *headers);

/** Before lwIP sees the frame: if it opens a TCP connection, make room for that. @p bytes lie in one piece, its first.
 *  @return whether lwIP may see it */
bool lwip_net_guard(const struct netif *netif, const uint8_t *frame, size_t bytes);

/** Draw the numbers that others shall not guess from these bits. */
void lwip_net_seed(const uint64_t secret[2]);
