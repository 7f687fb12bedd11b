/* SPDX-License-Identifier: Apache-2.0 */
/* The headers of a received frame, looked at before lwIP does. */
#pragma once

#include <lwip/ip_addr.h>
#include <stddef.h>
#include <stdint.h>

/** The ends of a connection that is asked for, and its first sequence number. */
typedef struct lwip_net_syn {
	ip_addr_t source, destination;
	uint16_t source_port, destination_port;
	uint32_t number;
} lwip_net_syn_t;

typedef enum lwip_net_headers {
	LWIP_NET_CUT_SHORT, /* a header does not lie in the frame's first piece, or its options do not end in it */
	LWIP_NET_SYN,       /* asks for a connection */
	LWIP_NET_OTHER,
} lwip_net_headers_t;

/** @param own    the interface's address; @param bytes  of the frame's first piece; @param syn  filled in for LWIP_NET_SYN */
lwip_net_headers_t lwip_net_read_headers(const ip4_addr_t *own, const uint8_t *frame, size_t bytes, lwip_net_syn_t *syn);
