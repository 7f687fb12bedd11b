/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

wire_t wire;

void *udp_net_host_alloc(size_t bytes)
{
	void *block = wire.is_out_of_memory ? NULL : malloc(bytes);
	wire.blocks += block != NULL;
	return block;
}

void udp_net_host_free(void *pointer)
{
	wire.blocks -= pointer != NULL;
	free(pointer);
}

uint64_t udp_net_host_now_ns(void)
{
	return wire.now_ns;
}

uint64_t udp_net_host_random(void)
{
	static uint64_t state = 1;
	return state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
}

static net_buffer_t *receive([[maybe_unused]] net_device_t *device)
{
	net_buffer_t *frame = wire.arrived;
	wire.arrived = NULL;
	return frame;
}

static void give_back([[maybe_unused]] net_device_t *device, net_buffer_t *buffer)
{
	assert(wire.lent);
	wire.lent--;
	free(buffer->data);
	free(buffer);
}

static net_result_t transmit([[maybe_unused]] net_device_t *device, const net_frame_t *frame)
{
	size_t bytes = net_frame_bytes(frame);
	assert(bytes >= NET_HEADER_BYTES && bytes <= (size_t)NET_HEADER_BYTES + wire.device.mtu);
	if (wire.is_full || (wire.is_slow && wire.queued_count == WIRE_SENT_MAX))
		return NET_FULL;
	size_t slot = wire.sent_count % WIRE_SENT_MAX;
	net_frame_copy(frame, wire.sent[slot]);
	wire.sent_bytes[slot] = bytes;
	if (frame->flags & NET_FRAME_CHECKSUM)
		assert(net_frame_checksum(frame, wire.sent[slot], bytes));
	wire.sent_count++;
	if (!wire.is_slow)
		return NET_SENT;
	wire.queued[wire.queued_count++] = frame->cookie;
	return NET_QUEUED;
}

static void kick([[maybe_unused]] net_device_t *device)
{
}

static void reclaim(net_device_t *device)
{
	while (wire.queued_count)
		device->sent(device, wire.queued[--wire.queued_count]);
}

static bool arm([[maybe_unused]] net_device_t *device, [[maybe_unused]] bool wanted)
{
	return false;
}

NET_DRIVER(wire_ops, receive, give_back, transmit, kick, reclaim, arm);

void wire_init(uint32_t offloads)
{
	size_t blocks = wire.blocks;
	memset(&wire, 0, sizeof wire);
	wire.blocks = blocks;
	wire.now_ns = 1;
	wire.device = (net_device_t){ .name = "wire0", .address = { 2, 0, 0, 0, 0, 1 }, .mtu = NET_MTU, .offloads = offloads,
				      .receive_buffers = WIRE_BUFFERS, .link_is_up = true };
	NET_DRIVER_ATTACH(&wire.device, wire_ops);
}

static net_buffer_t *piece(const uint8_t *from, size_t bytes)
{
	net_buffer_t *buffer = calloc(1, sizeof *buffer);
	buffer->data = malloc(bytes);
	memcpy(buffer->data, from, bytes);
	buffer->bytes = (uint32_t)bytes;
	wire.lent++;
	return buffer;
}

void wire_arrive(const void *frame, size_t bytes, size_t split, uint16_t flags)
{
	assert(!wire.arrived);
	wire.arrived = piece(frame, split && split < bytes ? split : bytes);
	if (split && split < bytes)
		wire.arrived->next = piece((const uint8_t *)frame + split, bytes - split);
	wire.arrived->frame_bytes = (uint32_t)bytes;
	wire.arrived->flags = flags;
}
