/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this component share. */
#pragma once

#include <lwip/err.h>
#include <lwip_net/lwip_net.h>

/** lwIP's linkoutput: hand a frame to the device. */
err_t lwip_net_transmit(struct netif *netif, struct pbuf *frame);

/** Before lwIP sees the frame: if it opens a TCP connection, make room for that. @p bytes lie in one piece, its first.
 *  @return whether lwIP may see it */
bool lwip_net_guard(const struct netif *netif, const uint8_t *frame, size_t bytes);

/** Draw the numbers that others shall not guess from these bits. */
void lwip_net_seed(const uint64_t secret[2]);
