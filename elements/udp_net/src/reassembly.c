/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fragments (RFC 815's task, by a map of 8-byte blocks instead of holes). What is here of a datagram lies in a buffer for the
 * longest one; behind it, a bit for each block. Fragments that overlap others, or disagree about the end, end the datagram.
 */
#include <base/base.h>
#include <memstr/memstr.h>
#include "internal.h"

enum { BLOCK = 8, BLOCKS = (IP_PAYLOAD_MAX + BLOCK - 1) / BLOCK, WHOLE_BYTES = BLOCKS * BLOCK, MAP_BYTES = (BLOCKS + 7) / 8 };
#define PATIENCE_NS (30 * TICK_NS)

static void forget(udp_net_t *self, udp_net_fragmented_t *which)
{
	udp_net_give_back(self, which->whole);
	which->whole = NULL;
}

static bool is_of(const udp_net_fragmented_t *which, const ip_in_t *in, uint16_t id)
{
	return which->whole && which->id == id && which->from == in->from && which->to == in->to &&
	       which->protocol == in->protocol;
}

static udp_net_fragmented_t *find(udp_net_t *self, const ip_in_t *in, uint16_t id)
{
	for (size_t i = 0; i < UDP_NET_FRAGMENTED_MAX; i++) {
		if (is_of(&self->fragmented[i], in, id))
			return &self->fragmented[i];
	}
	return NULL;
}

/* In a free place, or the oldest one's. */
static udp_net_fragmented_t *begin(udp_net_t *self, const ip_in_t *in, uint16_t id)
{
	udp_net_fragmented_t *which = &self->fragmented[0];
	for (size_t i = 1; i < UDP_NET_FRAGMENTED_MAX && which->whole; i++) {
		if (!self->fragmented[i].whole || self->fragmented[i].since_ns < which->since_ns)
			which = &self->fragmented[i];
	}
	if (which->whole)
		forget(self, which);
	*which = (udp_net_fragmented_t){ .whole = udp_net_buffer_new(WHOLE_BYTES + MAP_BYTES), .from = in->from, .to = in->to,
					 .id = id, .protocol = in->protocol, .since_ns = udp_net_host_now_ns() };
	if (!which->whole)
		return NULL;
	memset(which->whole->data + WHOLE_BYTES, 0, MAP_BYTES);
	udp_net_start_tick(self);
	return which;
}

/* false: some of the blocks are here already. */
static bool mark(uint8_t *map, size_t at, size_t bytes)
{
	size_t first = at / BLOCK, end = (at + bytes + BLOCK - 1) / BLOCK;
	for (size_t block = first; block < end; block++) {
		if (map[block / 8] >> block % 8 & 1)
			return false;
		map[block / 8] |= (uint8_t)(1u << block % 8);
	}
	return true;
}

static bool agrees(const udp_net_fragmented_t *which, size_t end, bool is_last)
{
	if (is_last)
		return !which->bytes && which->end <= end;
	return !which->bytes || end <= which->bytes;
}

/* All is here: it goes on in a buffer of its length. */
static void complete(udp_net_t *self, udp_net_fragmented_t *which, const ip_in_t *last)
{
	ip_in_t in = *last;
	in.offset = 0;
	in.bytes = (uint16_t)which->bytes;
	in.is_checked = false;
	in.frame = udp_net_buffer_new(which->bytes);
	if (in.frame)
		memcpy(in.frame->data, which->whole->data, which->bytes);
	else
		self->dropped++;
	forget(self, which);
	if (in.frame && !udp_net_payload_in(self, &in))
		udp_net_give_back(self, in.frame);
}

void udp_net_fragment_in(udp_net_t *self, const ip_in_t *in, uint16_t id, size_t at, bool is_last)
{
	size_t end = at + in->bytes;
	udp_net_fragmented_t *which = find(self, in, id);
	if (!in->bytes || end > IP_PAYLOAD_MAX || (!is_last && in->bytes % BLOCK)) {
		self->dropped++;
		return;
	}
	if (!which)
		which = begin(self, in, id);
	if (!which) {
		self->dropped++;
		return;
	}
	if (!agrees(which, end, is_last) || !mark(which->whole->data + WHOLE_BYTES, at, in->bytes)) {
		self->dropped++;
		forget(self, which);
		return;
	}
	udp_net_copy_out(in->frame, in->offset, which->whole->data + at, in->bytes);
	which->received += in->bytes;
	which->end = AX_MAX(which->end, (uint32_t)end);
	if (is_last)
		which->bytes = (uint32_t)end;
	if (which->bytes && which->received == which->bytes)
		complete(self, which, in);
}

void udp_net_fragments_tick(udp_net_t *self, uint64_t now_ns)
{
	for (size_t i = 0; i < UDP_NET_FRAGMENTED_MAX; i++) {
		if (self->fragmented[i].whole && now_ns - self->fragmented[i].since_ns >= PATIENCE_NS)
			forget(self, &self->fragmented[i]);
	}
}
