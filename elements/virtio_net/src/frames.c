/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: VirtIO 1.2, section 5.1.6. */
#include <base/base.h>
#include "private.h"

enum {
	F_NEEDS_CSUM = 1,
	F_DATA_VALID = 2,
	GSO_NONE = 0,
	GSO_TCPV4 = 1,
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
	if (!virtio_ring_add(&self->receive, &room, 0, 1, piece)) /* there is room for every piece, unless the ring is broken */
		self->unpublished++;
}

static void publish(virtio_net_t *self)
{
	self->unpublished = 0;
	virtio_ring_kick(&self->receive); /* also if there is nothing new: see virtio_ring_publish() */
}

void virtio_net_give_back(net_device_t *device, net_buffer_t *buffer)
{
	virtio_net_t *self = self_of(device);
	virtio_net_offer(self, container_of(buffer, virtio_net_piece_t, buffer));
	if (self->unpublished >= OFFER_AT_ONCE)
		publish(self);
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
static bool take_rest(virtio_net_t *self, net_buffer_t *first, unsigned count)
{
	net_buffer_t **link = &first->next;
	for (; count; count--) {
		uint32_t bytes;
		virtio_net_piece_t *piece = virtio_ring_take(&self->receive, &bytes);
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
	if (rest < self->receive.size && take_rest(self, first, rest))
		return first;
senseless:
	self->dropped++;
	give_back_all(&self->device, first);
	return NULL;
}

net_buffer_t *virtio_net_receive(net_device_t *device)
{
	virtio_net_t *self = self_of(device);
	virtio_net_piece_t *piece;
	uint32_t bytes;
	while ((piece = virtio_ring_take(&self->receive, &bytes))) {
		net_buffer_t *frame = put_together(self, piece, bytes);
		if (frame)
			return frame;
	}
	publish(self);
	return NULL;
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
		header->gso_type = frame->flags & NET_FRAME_IPV6 ? GSO_TCPV6 : GSO_TCPV4;
		header->gso_size = frame->segment_bytes;
		header->hdr_len = frame->header_bytes;
	}
}

net_result_t virtio_net_transmit(net_device_t *device, const net_frame_t *frame)
{
	virtio_net_t *self = self_of(device);
	virtio_net_slot_t *slot = self->free_slot;
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
	if (virtio_ring_add(&self->transmit, buffers, 1 + count, 0, slot))
		return NET_FULL;
	self->free_slot = slot->next_free;
	slot->cookie = frame->cookie;
	return NET_QUEUED;
}

void virtio_net_kick(net_device_t *device)
{
	virtio_ring_kick(&self_of(device)->transmit);
}

void virtio_net_reclaim(net_device_t *device)
{
	virtio_net_t *self = self_of(device);
	virtio_net_slot_t *slot;
	while ((slot = virtio_ring_take(&self->transmit, NULL))) {
		slot->next_free = self->free_slot;
		self->free_slot = slot;
		device->sent(device, slot->cookie);
	}
	virtio_ring_kick(&self->transmit); /* see virtio_ring_publish() */
}

bool virtio_net_arm(net_device_t *device, bool wanted)
{
	virtio_net_t *self = self_of(device);
	if (wanted)
		return virtio_ring_enable_interrupts(&self->receive);
	virtio_ring_disable_interrupts(&self->receive);
	return false;
}
