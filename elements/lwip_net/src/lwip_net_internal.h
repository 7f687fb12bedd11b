/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this component share. */
#pragma once

#include <lwip/err.h>
#include <lwip_net/lwip_net.h>

/** lwIP's linkoutput: hand a frame to the device. */
err_t lwip_net_transmit(struct netif *netif, struct pbuf *frame);

/** Hand it to the device, which is asked to make room if it has none. */
net_result_t lwip_net_hand_over(lwip_net_t *self, const net_frame_t *frame);

/** Keep a TCP segment back, joined with those before it that it follows (gather.c). false: it is none of the sort. */
bool lwip_net_gather(lwip_net_t *self, struct pbuf *frame);

/** Hand out what was kept back. false: the device has no room, and it is kept back still. */
bool lwip_net_send_gathered(lwip_net_t *self);

/** For net_device_t.sent: whether @p cookie is that of segments which were joined; they are released. */
bool lwip_net_release_gathered(void *cookie);

/** Where the TCP header begins in the first @p bytes of a frame to be sent; 0: it has none that the device could sum. */
size_t lwip_net_find_tcp(const void *headers, size_t bytes);

/** Of a frame that has one: the sum of its pseudo header, with @p tcp_bytes of header and payload. */
uint16_t lwip_net_pseudo_sum(const void *headers, size_t tcp_bytes);

bool lwip_net_is_ip6(const void *headers);

/** Before lwIP sees the frame: if it opens a TCP connection, make room for that. @p bytes lie in one piece, its first.
 *  @return whether lwIP may see it */
bool lwip_net_guard(const struct netif *netif, const uint8_t *frame, size_t bytes);

/** Draw the numbers that others shall not guess from these bits. */
void lwip_net_seed(const uint64_t secret[2]);
