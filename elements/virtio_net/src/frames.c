/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: VirtIO 1.2, section 5.1.6. */
#include <base/base.h>
#include "private.h"

enum {
	F_NEEDS_CSUM = 1,
	F_DATA_VALID = 2,
	GSO_NONE = 0,
	GSO_TCPV4 = 1,
	GSO_UDP = 3,
	GSO_TCPV6 = 4,

	IP_ALIGNMENT = 2,  /* in front of both headers, 12 and 14 bytes: what follows is aligned to 4 */
	OFFER_AT_ONCE = 32, /* pieces that are given back before the device is shown them */
};

static virtio_net_t *self_of(net_device_t *device)
{
	return container_of(device, virtio_net_t, device);
}

void virtio_net_offer(virtio_net_t *self, virtio_net_piece_t *piece)
{
	virtio_buffer_t room = { virtio_device_bus_address(self->virtio, piece->bytes + IP_ALIGNMENT),
				 sizeof piece->bytes - IP_ALIGNMENT };
	if (!virtio_ring_add(&piece->pair->receive, &room, 0, 1, piece)) /* there is room for every piece, unless the ring is broken */
		piece->pair->unpublished++;
}

static void publish(virtio_net_pair_t *pair)
{
	pair->unpublished = 0;
	virtio_ring_kick(&pair->receive); /* also if there is nothing new: see virtio_ring_publish() */
}

void virtio_net_give_back(net_device_t *device, net_buffer_t *buffer)
{
	virtio_net_piece_t *piece = container_of(buffer, virtio_net_piece_t, buffer);
	virtio_net_offer(self_of(device), piece);
	if (piece->pair->unpublished >= OFFER_AT_ONCE)
		publish(piece->pair);
}

static void give_back_all(net_device_t *device, net_buffer_t *buffer)
{
	while (buffer) {
		net_buffer_t *next = buffer->next;
		virtio_net_give_back(device, buffer);
		buffer = next;
	}
}

/* The pieces behind the first: the device has used all of them with it. false: it has not, or the frame is too long. */
static bool take_rest(virtio_net_pair_t *pair, net_buffer_t *first, unsigned count)
{
	net_buffer_t **link = &first->next;
	for (; count; count--) {
		uint32_t bytes;
		virtio_net_piece_t *piece = virtio_ring_take(&pair->receive, &bytes);
		if (!piece)
			return false;
		piece->buffer.data = piece->bytes + IP_ALIGNMENT;
		piece->buffer.bytes = bytes;
		piece->buffer.next = NULL;
		*link = &piece->buffer;
		link = &piece->buffer.next;
		first->frame_bytes += bytes;
		if (!bytes)
			return false;
	}
	return first->frame_bytes <= NET_FRAME_BYTES_MAX;
}

/* A frame from its first piece on; NULL: it made no sense. */
static net_buffer_t *put_together(virtio_net_t *self, virtio_net_piece_t *piece, uint32_t bytes)
{
	virtio_net_hdr_t header;
	net_buffer_t *first = &piece->buffer;
	first->next = NULL;
	if (bytes < sizeof header + NET_HEADER_BYTES)
		goto senseless;
	__builtin_memcpy(&header, piece->bytes + IP_ALIGNMENT, sizeof header);
	first->data = piece->bytes + IP_ALIGNMENT + sizeof header;
	first->bytes = first->frame_bytes = bytes - (uint32_t)sizeof header;
	first->segment_bytes = header.gso_type == GSO_NONE ? 0 : header.gso_size;
	first->flags = header.flags & (F_NEEDS_CSUM | F_DATA_VALID) ? NET_BUFFER_CHECKED : 0;
	unsigned rest = self->merges ? header.num_buffers - 1u : 0;
	if (rest < piece->pair->receive.size && take_rest(piece->pair, first, rest))
		return first;
senseless:
	self->dropped++;
	give_back_all(&self->device, first);
	return NULL;
}

static net_buffer_t *receive_from(virtio_net_t *self, virtio_net_pair_t *pair)
{
	virtio_net_piece_t *piece;
	uint32_t bytes;
	while ((piece = virtio_ring_take(&pair->receive, &bytes))) {
		net_buffer_t *frame = put_together(self, piece, bytes);
		if (frame)
			return frame;
	}
	publish(pair);
	return NULL;
}

/* The card has answered whether it takes frames from all pairs. One that refuses, or never answers, has the first. */
static void hear_answer(virtio_net_t *self)
{
	if (virtio_ring_take(&self->control, NULL) && self->command.answer == COMMAND_OK)
		self->transmit_pairs = self->pair_count;
	virtio_ring_kick(&self->control); /* see virtio_ring_publish() */
}

/* Pairs take turns, so that a busy one does not keep the others waiting. */
net_buffer_t *virtio_net_receive(net_device_t *device)
{
	virtio_net_t *self = self_of(device);
	for (unsigned i = 0; i < self->pair_count; i++) {
		net_buffer_t *frame = receive_from(self, &self->pairs[self->turn]);
		if (VIRTIO_NET_PAIRS > 1 && ++self->turn == self->pair_count)
			self->turn = 0;
		if (frame)
			return frame;
	}
	if (self->transmit_pairs != self->pair_count)
		hear_answer(self);
	return NULL;
}

/* By what a connection's frames have in common: addresses and ports of IPv4, part of the addresses of IPv6. */
static virtio_net_pair_t *choose_pair(virtio_net_t *self, const net_frame_t *frame)
{
	enum { FLOW = 26, GOLDEN = 0x9e3779b1 }; /* behind Ethernet's header and 12 bytes of IPv4's */
	uint32_t words[3], mix;
	if (VIRTIO_NET_PAIRS == 1 || self->transmit_pairs == 1 || frame->segments[0].bytes < FLOW + sizeof words)
		return &self->pairs[0];
	__builtin_memcpy(words, (const uint8_t *)frame->segments[0].start + FLOW, sizeof words);
	mix = (words[0] ^ words[1] ^ words[2]) * (uint32_t)GOLDEN;
	return &self->pairs[(mix >> 16) % self->transmit_pairs];
}

static void fill_header(virtio_net_hdr_t *header, const net_frame_t *frame)
{
	*header = (virtio_net_hdr_t){ .gso_type = GSO_NONE };
	if (frame->flags & NET_FRAME_CHECKSUM) {
		header->flags = F_NEEDS_CSUM;
		header->csum_start = frame->checksum_start;
		header->csum_offset = frame->checksum_offset;
	}
	if (frame->segment_bytes) {
		header->gso_type = frame->flags & NET_FRAME_UDP ? GSO_UDP : frame->flags & NET_FRAME_IPV6 ? GSO_TCPV6 : GSO_TCPV4;
		header->gso_size = frame->segment_bytes;
		header->hdr_len = frame->header_bytes;
	}
}

net_result_t virtio_net_transmit(net_device_t *device, const net_frame_t *frame)
{
	virtio_net_t *self = self_of(device);
	virtio_net_pair_t *pair = choose_pair(self, frame);
	virtio_net_slot_t *slot = pair->free_slot;
	virtio_buffer_t buffers[1 + NET_SEGMENTS_MAX];
	if (!slot)
		return NET_FULL;
	fill_header(&slot->header, frame);
	buffers[0] = (virtio_buffer_t){ virtio_device_bus_address(self->virtio, &slot->header), sizeof slot->header };
	size_t count = AX_MIN(frame->segment_count, (size_t)NET_SEGMENTS_MAX);
	for (size_t i = 0; i < count; i++) {
		const net_segment_t *segment = &frame->segments[i];
		buffers[1 + i] = (virtio_buffer_t){ virtio_device_bus_address(self->virtio, segment->start), (uint32_t)segment->bytes };
	}
	if (virtio_ring_add(&pair->transmit, buffers, 1 + count, 0, slot))
		return NET_FULL;
	pair->free_slot = slot->next_free;
	slot->cookie = frame->cookie;
	return NET_QUEUED;
}

void virtio_net_kick(net_device_t *device)
{
	virtio_net_t *self = self_of(device);
	for (unsigned i = 0; i < self->pair_count; i++)
		virtio_ring_kick(&self->pairs[i].transmit);
}

void virtio_net_reclaim(net_device_t *device)
{
	virtio_net_t *self = self_of(device);
	for (virtio_net_pair_t *pair = self->pairs; pair < self->pairs + self->pair_count; pair++) {
		virtio_net_slot_t *slot;
		while ((slot = virtio_ring_take(&pair->transmit, NULL))) {
			slot->next_free = pair->free_slot;
			pair->free_slot = slot;
			device->sent(device, slot->cookie);
		}
		virtio_ring_kick(&pair->transmit); /* see virtio_ring_publish() */
	}
}

bool virtio_net_arm(net_device_t *device, bool wanted)
{
	virtio_net_t *self = self_of(device);
	bool arrived = false;
	for (unsigned i = 0; i < self->pair_count; i++) {
		if (wanted)
			arrived |= virtio_ring_enable_interrupts(&self->pairs[i].receive);
		else
			virtio_ring_disable_interrupts(&self->pairs[i].receive);
	}
	return arrived;
}
