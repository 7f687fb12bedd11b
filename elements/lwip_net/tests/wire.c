/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <assert.h>
#include <driver_net/driver.h>
#include <lwip/ip.h>
#include <lwip_net/host.h>
#include <stdlib.h>
#include <string.h>

uint64_t wire_now_ns;
size_t wire_blocks;
unsigned wire_lent, wire_kicks;
lwip_net_t wire_interface;
static net_buffer_t *s_arrived;

void *lwip_net_host_alloc(size_t bytes)
{
	void *block = malloc(bytes);
	wire_blocks += block != NULL;
	return block;
}

void lwip_net_host_free(void *pointer)
{
	wire_blocks -= pointer != NULL;
	free(pointer);
}

uint64_t lwip_net_host_now_ns(void)
{
	return wire_now_ns;
}

void panic_handler([[maybe_unused]] const char *file, [[maybe_unused]] int line, [[maybe_unused]] const char *format, ...)
{
	abort();
}

static net_buffer_t *receive([[maybe_unused]] net_device_t *device)
{
	net_buffer_t *frame = s_arrived;
	s_arrived = NULL;
	return frame;
}

static void give_back([[maybe_unused]] net_device_t *device, net_buffer_t *buffer)
{
	assert(wire_lent);
	wire_lent--;
	free(buffer->data);
	free(buffer);
}

static net_result_t transmit([[maybe_unused]] net_device_t *device, const net_frame_t *frame)
{
	return wire_transmit(frame);
}

static void kick([[maybe_unused]] net_device_t *device)
{
	wire_kicks++;
}

static void reclaim([[maybe_unused]] net_device_t *device)
{
	wire_reclaim();
}

static bool arm([[maybe_unused]] net_device_t *device, [[maybe_unused]] bool wanted)
{
	return false;
}

NET_DRIVER(wire_ops, receive, give_back, transmit, kick, reclaim, arm);

net_device_t wire_device = {
	.name = "wire0", .address = { 2, 0, 0, 0, 0, 1 }, .mtu = NET_MTU, .receive_buffers = WIRE_BUFFERS, .link_is_up = true,
};

void wire_start(uint32_t offloads)
{
	ip4_addr_t ip, mask, gateway;
	static const uint64_t secret[2] = { 1, 2 };
	NET_DRIVER_ATTACH(&wire_device, wire_ops);
	wire_device.offloads = offloads;
	lwip_net_init(secret);
	lwip_net_add(&wire_interface, &wire_device);
	IP4_ADDR(&ip, 10, 0, 0, 1);
	IP4_ADDR(&mask, 255, 255, 255, 0);
	IP4_ADDR(&gateway, 10, 0, 0, 2);
	netif_set_addr(&wire_interface.netif, &ip, &mask, &gateway);
}

/* A piece of exactly so much memory, for the address sanitizer. */
static net_buffer_t *make_piece(const uint8_t *from, size_t bytes)
{
	net_buffer_t *piece = calloc(1, sizeof *piece);
	piece->data = malloc(bytes);
	memcpy(piece->data, from, bytes);
	piece->bytes = (uint32_t)bytes;
	wire_lent++;
	return piece;
}

void wire_arrive(const uint8_t *frame, size_t first, size_t bytes, uint16_t flags)
{
	s_arrived = make_piece(frame, first);
	if (first < bytes)
		s_arrived->next = make_piece(frame + first, bytes - first);
	s_arrived->frame_bytes = (uint32_t)bytes;
	s_arrived->flags = flags;
	(void)lwip_net_poll(2);
}

void wire_pass_ms(uint64_t ms)
{
	wire_now_ns += ms * WIRE_MS;
	(void)lwip_net_poll(2);
}

uint32_t wire_read32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

void wire_write32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

uint8_t *wire_tcp_of(uint8_t *frame, size_t bytes)
{
	uint8_t *ip = frame + NET_HEADER_BYTES;
	bool is_ip6 = bytes > NET_HEADER_BYTES && ip[0] >> 4 == 6;
	size_t at = NET_HEADER_BYTES + (is_ip6 ? WIRE_IP6_BYTES : WIRE_IP_BYTES);
	bool is_tcp = bytes >= at + 20 && ip[is_ip6 ? 6 : 9] == IP_PROTO_TCP;
	return is_tcp ? frame + at : NULL;
}
