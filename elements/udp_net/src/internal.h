/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this component share. Numbers in headers are in network order. */
#pragma once

#include <udp_net/host.h>
#include <udp_net/udp_net.h>

enum {
	IP_HEADER_BYTES = 20, /* without options */
	UDP_HEADER_BYTES = 8,
	IP_PAYLOAD_MAX = 65535 - IP_HEADER_BYTES,
	PROTOCOL_ICMP = 1,
	PROTOCOL_UDP = 17,
	TTL = 64,
	HEADER_ROOM = 40,     /* for those of Ethernet and IP, at its end: so the IP header is aligned to 4 */
	BUFFER_OWN = 0x8000,  /* a flag of a net_buffer_t: it is of the heap, not the device's */
};
#define TICK_NS UINT64_C(1000000000)

struct ethernet_header {
	uint8_t to[NET_ADDRESS_BYTES], from[NET_ADDRESS_BYTES];
	uint16_t type;
};
_Static_assert(sizeof(struct ethernet_header) == NET_HEADER_BYTES, "IEEE 802.3");

/* RFC 791, 3.1. */
struct ip_header {
	uint8_t version_length, service;
	uint16_t bytes, id, fragment;
	uint8_t ttl, protocol;
	uint16_t checksum;
	udp_net_ip_t from, to;
};
_Static_assert(sizeof(struct ip_header) == IP_HEADER_BYTES, "RFC 791");

/* RFC 768. */
struct udp_header {
	uint16_t from_port, to_port, bytes, checksum;
};

#define NETWORK16(value) ((uint16_t)__builtin_bswap16((uint16_t)(value)))
#define ETHERNET_IP4 NETWORK16(0x0800)
#define ETHERNET_ARP NETWORK16(0x0806)
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "as all machines of the tree");

/* A received packet: what its IP header says, and where its payload lies in the frame. */
typedef struct ip_in {
	net_buffer_t *frame;
	udp_net_ip_t from, to;
	uint8_t protocol;
	bool is_checked;   /* the payload's checksum needs no looking at */
	bool is_broadcast;
	uint16_t offset, bytes;
} ip_in_t;

/* One reference is its holder's; each frame that the device has yet to read has another. */
struct udp_net_packet {
	udp_net_packet_t *next;
	uint32_t references;
	uint16_t bytes;         /* of the IP payload */
	uint16_t fragment_bytes; /* of that, in each frame but the last */
	uint16_t count;         /* frames */
	bool is_summed_later;   /* the device does the UDP checksum */
	uint8_t ttl, service;
	udp_net_ip_t from, to;
	uint8_t protocol;
	_Alignas(16) uint8_t headers[][HEADER_ROOM]; /* `count`, then the IP payload */
};

/* 127.0.0.0/8. */
static inline bool ip_is_loop(udp_net_ip_t ip)
{
	return (ip & 0xff) == 127;
}

static inline bool ip_is_own(const udp_net_t *self, udp_net_ip_t ip)
{
	return ip_is_loop(ip) || (ip && ip == self->ip);
}

static inline bool ip_is_broadcast(const udp_net_t *self, udp_net_ip_t ip)
{
	return ip == UINT32_MAX || (self->mask && self->mask != UINT32_MAX && ip == (self->ip | ~self->mask));
}

/* Frames, received. */
net_buffer_t *udp_net_buffer_new(size_t bytes);
void udp_net_give_back(udp_net_t *self, net_buffer_t *frame);
void udp_net_copy_out(const net_buffer_t *frame, size_t offset, void *to, size_t bytes);
uint64_t udp_net_sum(uint64_t sum, const net_buffer_t *frame, size_t offset, size_t bytes);

/* Each returns whether it has kept the frame. */
bool udp_net_ip_in(udp_net_t *self, net_buffer_t *frame);
bool udp_net_payload_in(udp_net_t *self, const ip_in_t *in);
bool udp_net_udp_in(udp_net_t *self, const ip_in_t *in);
void udp_net_icmp_in(udp_net_t *self, const ip_in_t *in);
void udp_net_arp_in(udp_net_t *self, const net_buffer_t *frame);

/* A fragment; its frame stays the caller's. */
void udp_net_fragment_in(udp_net_t *self, const ip_in_t *in, uint16_t id, size_t at, bool is_last);

/** Tell the sender that nobody wants the packet: @p code of RFC 792, "Destination Unreachable". Not too often. */
void udp_net_unreachable(udp_net_t *self, const ip_in_t *in, uint8_t code);

/* Packets, sent. */
udp_net_packet_t *udp_net_ip_packet(const udp_net_t *self, size_t bytes);
void *udp_net_ip_payload(udp_net_packet_t *packet);
void udp_net_packet_free(udp_net_packet_t *packet); /* a reference */
bool udp_net_can_reach(const udp_net_t *self, udp_net_ip_t ip);

/** Send it, and take it. */
ax_err_t udp_net_ip_out(udp_net_t *self, udp_net_packet_t *packet, uint8_t protocol, udp_net_ip_t from, udp_net_ip_t to);

/** Hand the packet's frames to the device. It stays the caller's. */
ax_err_t udp_net_hand_out(udp_net_t *self, udp_net_packet_t *packet, const uint8_t address[NET_ADDRESS_BYTES]);

/** One frame of whole memory, which is the device's when this returns: @p cookie is a packet. */
ax_err_t udp_net_transmit(udp_net_t *self, const net_frame_t *frame);

/** Send it to the neighbour @p hop as soon as that is known, and take it. */
ax_err_t udp_net_to_neighbour(udp_net_t *self, udp_net_packet_t *packet, udp_net_ip_t hop);

/** Every second while somebody is asked, or fragments wait. */
void udp_net_neighbours_tick(udp_net_t *self, uint64_t now_ns);
void udp_net_fragments_tick(udp_net_t *self, uint64_t now_ns);
void udp_net_start_tick(udp_net_t *self);
