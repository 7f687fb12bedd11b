/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Section 7.2: a frame is a descriptor for each of its pieces, behind one for its context where the card sums or cuts. What
 * the context says of the checksum's place holds until the next one. The last piece's descriptor has the card report.
 *
 * For frames that are to be cut the card wants the headers otherwise than the stack has them (section 7.2.6.2.2): lengths of IP
 * zero, and the pseudo header's sum without TCP's length. They are copied.
 */
#include "private.h"

enum {
	/* In `command`, whose lower bits are a length. */
	TYPE_DATA = 1u << 20,
	COMMAND_END = 1u << 24, COMMAND_CRC = 1u << 25, COMMAND_CUT = 1u << 26, COMMAND_REPORT = 1u << 27, COMMAND_EXTENDED = 1u << 29,
	COMMAND_TCP = 1u << 24, COMMAND_IP4 = 1u << 25, /* of a context */
	/* In `options`. */
	OPTION_DONE = 1u << 0, OPTION_SUM_IP = 1u << 8, OPTION_SUM_TCP = 1u << 9,

	IP = NET_HEADER_BYTES, IP4_LENGTH = IP + 2, IP4_SUM = IP + 10, IP4_BYTES = 20, IP6_LENGTH = IP + 4,
	BYTES_SHIFT = 16,
};

static uint32_t room(const e1000e_t *self)
{
	return (self->transmit_next - self->transmit_tail - 1) & RING_MASK;
}

static e1000e_transmit_descriptor_t *add(e1000e_t *self, uint64_t address, uint32_t command, uint32_t options)
{
	e1000e_transmit_descriptor_t *descriptor = &self->transmit[self->transmit_tail];
	*descriptor = (e1000e_transmit_descriptor_t){ address, command | COMMAND_EXTENDED, options };
	self->slots[self->transmit_tail].cookie = NULL;
	self->transmit_tail = (self->transmit_tail + 1) & RING_MASK;
	return descriptor;
}

static uint64_t context_of(const net_frame_t *frame)
{
	uint64_t sum_at = frame->checksum_start + frame->checksum_offset;
	uint64_t ip = frame->segment_bytes && !(frame->flags & NET_FRAME_IPV6)
			      ? IP | IP4_SUM << 8 | (uint64_t)(frame->checksum_start - 1) << 16 : 0;
	return ip | (uint64_t)frame->checksum_start << 32 | sum_at << 40;
}

static size_t bytes_of(const net_segment_t *segments, size_t count)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += segments[i].bytes;
	return bytes;
}

static void add_context(e1000e_t *self, const net_frame_t *frame, size_t frame_bytes)
{
	uint32_t command = 0, options = 0;
	if (frame->segment_bytes) {
		command = (uint32_t)(frame_bytes - frame->header_bytes) | COMMAND_CUT | COMMAND_TCP;
		command |= frame->flags & NET_FRAME_IPV6 ? 0 : COMMAND_IP4;
		options = (uint32_t)frame->header_bytes << 8 | (uint32_t)frame->segment_bytes << BYTES_SHIFT;
	}
	add(self, context_of(frame), command, options);
}

static uint16_t load16(const uint8_t *at)
{
	uint16_t value;
	__builtin_memcpy(&value, at, sizeof value);
	return value;
}

static void store16(uint8_t *at, uint16_t value)
{
	__builtin_memcpy(at, &value, sizeof value);
}

/* Of one's complement sums a part is taken off by adding its complement. */
static void rewrite_headers(uint8_t *headers, const net_frame_t *frame, size_t tcp_bytes)
{
	uint8_t *sum_at = headers + frame->checksum_start + frame->checksum_offset;
	uint16_t length = (uint16_t)((tcp_bytes & 0xff) << 8 | tcp_bytes >> 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	length = (uint16_t)tcp_bytes;
#endif
	store16(sum_at, net_checksum_fold((uint64_t)load16(sum_at) + (uint16_t)~length));
	if (frame->flags & NET_FRAME_IPV6) {
		store16(headers + IP6_LENGTH, 0);
	} else {
		store16(headers + IP4_LENGTH, 0);
		store16(headers + IP4_SUM, 0);
	}
}

/* false: the headers are not in the frame's first piece, or do not look like what the frame says. */
static bool may_be_cut(const net_frame_t *frame)
{
	size_t least = frame->flags & NET_FRAME_IPV6 ? IP + 40 : IP + IP4_BYTES;
	return frame->header_bytes <= E1000E_HEADER_BYTES && frame->header_bytes <= frame->segments[0].bytes &&
	       frame->checksum_start >= least && frame->checksum_start + frame->checksum_offset + 2 <= frame->header_bytes;
}

net_result_t e1000e_transmit(net_device_t *device, const net_frame_t *frame)
{
	e1000e_t *self = e1000e_of(device);
	size_t count = AX_MIN(frame->segment_count, (size_t)NET_SEGMENTS_MAX);
	uint32_t command = TYPE_DATA | COMMAND_CRC, options = 0, last = 0;
	size_t skip = 0;
	if (frame->segment_bytes && !may_be_cut(frame)) {
		self->dropped++;
		return NET_SENT;
	}
	if (room(self) < count + 2)
		return NET_FULL;
	if (frame->flags & NET_FRAME_CHECKSUM) {
		options = OPTION_SUM_TCP;
		if (frame->segment_bytes || context_of(frame) != self->context)
			add_context(self, frame, bytes_of(frame->segments, count));
		self->context = frame->segment_bytes ? 0 : context_of(frame);
	}
	if (frame->segment_bytes) {
		command |= COMMAND_CUT;
		options |= frame->flags & NET_FRAME_IPV6 ? 0 : OPTION_SUM_IP;
		uint8_t *headers = self->slots[self->transmit_tail].headers;
		__builtin_memcpy(headers, frame->segments[0].start, frame->header_bytes);
		rewrite_headers(headers, frame, bytes_of(frame->segments, count) - frame->checksum_start);
		add(self, e1000e_host_bus_address(headers), command | frame->header_bytes, options);
		skip = frame->header_bytes;
	}
	for (size_t i = 0; i < count; i++, skip = 0) {
		const net_segment_t *segment = &frame->segments[i];
		if (segment->bytes == skip)
			continue;
		last = self->transmit_tail;
		add(self, e1000e_host_bus_address((const char *)segment->start + skip), command | (uint32_t)(segment->bytes - skip), options);
	}
	self->transmit[last].command |= COMMAND_END | COMMAND_REPORT;
	self->slots[last].cookie = frame->cookie;
	return NET_QUEUED;
}

void e1000e_kick(net_device_t *device)
{
	e1000e_t *self = e1000e_of(device);
	if (self->transmit_told == self->transmit_tail)
		return;
	self->transmit_told = self->transmit_tail;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	e1000e_host_write(self->registers, REG_TRANSMIT_RING + RING_TAIL, self->transmit_tail);
}

/* The next descriptor that ends a frame; transmit_told: there is none that the card has seen. */
static uint32_t end_of_frame(const e1000e_t *self)
{
	uint32_t at = self->transmit_next;
	while (at != self->transmit_told && !self->slots[at].cookie)
		at = (at + 1) & RING_MASK;
	return at;
}

void e1000e_reclaim(net_device_t *device)
{
	e1000e_t *self = e1000e_of(device);
	for (;;) {
		uint32_t at = end_of_frame(self);
		if (at == self->transmit_told || !(__atomic_load_n(&self->transmit[at].options, __ATOMIC_ACQUIRE) & OPTION_DONE))
			return;
		void *cookie = self->slots[at].cookie;
		self->slots[at].cookie = NULL;
		self->transmit_next = (at + 1) & RING_MASK;
		device->sent(device, cookie);
	}
}
