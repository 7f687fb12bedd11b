/* SPDX-License-Identifier: Apache-2.0 */
/* Frames in, and time. */
#include <base/base.h>
#include <memstr/memstr.h>
#include "internal.h"

/* A frame that was queued has been read. */
static void sent(net_device_t *device, void *cookie)
{
	udp_net_t *self = device->context;
	self->unread--;
	udp_net_packet_free(cookie);
}

void udp_net_init(udp_net_t *self, net_device_t *device, udp_net_ip_t ip, udp_net_ip_t mask, udp_net_ip_t gateway)
{
	*self = (udp_net_t){ .device = device, .ip = ip, .mask = mask, .gateway = gateway };
	if (device) {
		self->lent_max = device->receive_buffers * 3u / 4;
		device->sent = sent;
		device->context = self;
	}
}

net_buffer_t *udp_net_buffer_new(size_t bytes)
{
	net_buffer_t *buffer = udp_net_host_alloc(sizeof *buffer + bytes);
	if (buffer) {
		buffer->next = NULL;
		buffer->data = (uint8_t *)(buffer + 1);
		buffer->bytes = buffer->frame_bytes = (uint32_t)bytes;
		buffer->segment_bytes = 0;
		buffer->flags = BUFFER_OWN;
	}
	return buffer;
}

/* Whose a frame is its first piece says; our own have one. */
void udp_net_give_back(udp_net_t *self, net_buffer_t *frame)
{
	if (frame->flags & BUFFER_OWN) {
		udp_net_host_free(frame);
		return;
	}
	while (frame) {
		net_buffer_t *next = frame->next;
		self->lent--;
		net_device_return(self->device, frame);
		frame = next;
	}
}

void udp_net_copy_out(const net_buffer_t *frame, size_t offset, void *to, size_t bytes)
{
	char *at = to;
	for (; frame && bytes; frame = frame->next) {
		if (offset < frame->bytes) {
			size_t here = AX_MIN(frame->bytes - offset, bytes);
			memcpy(at, frame->data + offset, here);
			at += here;
			bytes -= here;
			offset = 0;
		} else {
			offset -= frame->bytes;
		}
	}
}

/* A piece that begins at an odd place is summed with its bytes the other way round (RFC 1071, 2, "byte order independence"). */
uint64_t udp_net_sum(uint64_t sum, const net_buffer_t *frame, size_t offset, size_t bytes)
{
	bool is_odd = false;
	for (; frame && bytes; frame = frame->next) {
		if (offset >= frame->bytes) {
			offset -= frame->bytes;
			continue;
		}
		size_t here = AX_MIN(frame->bytes - offset, bytes);
		uint64_t part = net_checksum_add(0, frame->data + offset, here);
		sum += is_odd ? NETWORK16(net_checksum_fold(part)) : part;
		is_odd ^= here & 1;
		bytes -= here;
		offset = 0;
	}
	return sum;
}

static net_buffer_t *copy(udp_net_t *self, net_buffer_t *frame)
{
	net_buffer_t *own = udp_net_buffer_new(frame->frame_bytes);
	if (own) {
		udp_net_copy_out(frame, 0, own->data, frame->frame_bytes);
		own->flags |= frame->flags & NET_BUFFER_CHECKED;
	}
	udp_net_give_back(self, frame);
	return own;
}

static bool is_for_us(const udp_net_t *self, const struct ethernet_header *ethernet)
{
	static const uint8_t all[NET_ADDRESS_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	return !memcmp(ethernet->to, self->device->address, NET_ADDRESS_BYTES) || !memcmp(ethernet->to, all, sizeof all);
}

/* @return whether the frame is kept */
static bool frame_in(udp_net_t *self, net_buffer_t *frame)
{
	struct ethernet_header ethernet;
	if (frame->bytes < sizeof ethernet || frame->frame_bytes > NET_FRAME_BYTES_MAX) {
		self->dropped++;
		return false;
	}
	memcpy(&ethernet, frame->data, sizeof ethernet);
	if (!is_for_us(self, &ethernet))
		return false;
	if (ethernet.type == ETHERNET_IP4)
		return udp_net_ip_in(self, frame);
	if (ethernet.type == ETHERNET_ARP)
		udp_net_arp_in(self, frame);
	return false;
}

static void take_in(udp_net_t *self, net_buffer_t *frame)
{
	for (const net_buffer_t *piece = frame; piece; piece = piece->next)
		self->lent++;
	if (self->lent > self->lent_max && frame->frame_bytes <= NET_FRAME_BYTES_MAX)
		frame = copy(self, frame);
	if (!frame)
		self->dropped++;
	else if (!frame_in(self, frame))
		udp_net_give_back(self, frame);
}

void udp_net_start_tick(udp_net_t *self)
{
	uint64_t now_ns = udp_net_host_now_ns();
	if (self->tick_ns <= now_ns)
		self->tick_ns = now_ns + TICK_NS;
}

static void tick(udp_net_t *self)
{
	uint64_t now_ns = udp_net_host_now_ns();
	if (now_ns < self->tick_ns)
		return;
	self->tick_ns = now_ns + TICK_NS;
	udp_net_neighbours_tick(self, now_ns);
	udp_net_fragments_tick(self, now_ns);
}

size_t udp_net_poll(udp_net_t *self, size_t budget)
{
	size_t frames = 0;
	if (self->device) {
		net_device_reclaim(self->device);
		net_buffer_t *frame;
		while (frames < budget && (frame = net_device_receive(self->device))) {
			take_in(self, frame);
			frames++;
		}
	}
	tick(self);
	udp_net_flush(self);
	return frames;
}

/* What goes to this machine itself arrives as it was sent, all fragments in one. */
static void arrive(udp_net_t *self, udp_net_packet_t *packet)
{
	ip_in_t in = { .frame = udp_net_buffer_new(packet->bytes), .from = packet->from, .to = packet->to,
		       .protocol = packet->protocol, .is_checked = true, .bytes = packet->bytes };
	if (!in.frame) {
		self->dropped++;
		return;
	}
	memcpy(in.frame->data, udp_net_ip_payload(packet), packet->bytes);
	if (!udp_net_payload_in(self, &in))
		udp_net_give_back(self, in.frame);
}

void udp_net_flush(udp_net_t *self)
{
	udp_net_packet_t *packet;
	while ((packet = self->loop_first)) {
		self->loop_first = packet->next;
		if (!self->loop_first)
			self->loop_last = NULL;
		arrive(self, packet);
		udp_net_packet_free(packet);
	}
	if (self->kick) {
		self->kick = false;
		net_device_kick(self->device);
	}
}

uint64_t udp_net_deadline_ns(const udp_net_t *self)
{
	for (size_t i = 0; i < UDP_NET_NEIGHBOURS; i++) {
		if (self->neighbours[i].state == NEIGHBOUR_ASKED || self->neighbours[i].state == NEIGHBOUR_STALE)
			return self->tick_ns;
	}
	for (size_t i = 0; i < UDP_NET_FRAGMENTED_MAX; i++) {
		if (self->fragmented[i].whole)
			return self->tick_ns;
	}
	return UINT64_MAX;
}
