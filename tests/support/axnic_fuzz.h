/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For fuzzers of network drivers: a card that does what the input says, honest, or it lies. Whatever it does, what the driver
 * lends is a piece of its own that nobody has, no longer than it is; a sent frame's memory comes back once at most; and of an
 * honest card every frame arrives and every sent one comes back.
 *
 * The input's first byte says how the card is: bit 0, a variant of the driver's file; bit 1, honest. Then steps: a byte of what
 * (below), a byte of how much. The driver's file, which includes this one, has the nic_*() functions.
 */
#pragma once

#include <assert.h>
#include <driver_net/driver_net.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Start the driver on a fresh card; and end it. */
static net_device_t *nic_open(bool variant);
static void nic_close(void);

/* The card receives a frame of @p bytes. @return false: it has no room for it */
static bool nic_deliver(size_t bytes);

/* The card is through with the next thing that it was given to send. */
static void nic_complete(void);

static void nic_interrupt(uint8_t why);

/* One of NIC_LIES lies. */
static void nic_lie(unsigned which, uint8_t much);

/* The memory that a piece of the driver's may use; NULL: it is none of its pieces. */
static const uint8_t *nic_room(const net_buffer_t *piece, size_t *bytes);

/* Received frames that made no sense. */
static uint64_t nic_dropped(void);

enum axnic_step {
	AXNIC_DELIVER, AXNIC_DELIVER_LONG, AXNIC_RECEIVE, AXNIC_GIVE_BACK, AXNIC_SEND, AXNIC_SEND_PIECES, AXNIC_COMPLETE,
	AXNIC_RECLAIM, AXNIC_ARM, AXNIC_INTERRUPT, AXNIC_HONEST_STEPS,

	AXNIC_HELD = 512, AXNIC_COOKIES = 64, AXNIC_SHORTEST = 60, AXNIC_SETTLING = 600,
};

static net_device_t *s_nic;
static net_buffer_t *s_held[AXNIC_HELD];
static size_t s_held_count, s_delivered, s_received;
static bool s_under_way[AXNIC_COOKIES], s_has_lied;

static void axnic_sent([[maybe_unused]] net_device_t *device, void *cookie)
{
	bool *mine = cookie;
	assert(mine >= s_under_way && mine < s_under_way + AXNIC_COOKIES && *mine);
	*mine = false;
}

static void axnic_hold(net_buffer_t *frame)
{
	size_t bytes = 0, room;
	for (net_buffer_t *piece = frame; piece; piece = piece->next) {
		const uint8_t *start = nic_room(piece, &room);
		assert(start && piece->data >= start && piece->data + piece->bytes <= start + room);
		for (size_t i = 0; i < s_held_count; i++)
			assert(s_held[i] != piece);
		assert(s_held_count < AXNIC_HELD);
		s_held[s_held_count++] = piece;
		bytes += piece->bytes;
	}
	assert(bytes == frame->frame_bytes && bytes <= NET_FRAME_BYTES_MAX && bytes >= NET_HEADER_BYTES);
	s_received++;
}

static void axnic_give_back(size_t count)
{
	while (count-- && s_held_count)
		net_device_return(s_nic, s_held[--s_held_count]);
}

static void axnic_send(size_t pieces)
{
	static uint8_t bytes[64];
	net_segment_t segments[NET_SEGMENTS_MAX];
	size_t cookie = 0;
	while (cookie < AXNIC_COOKIES && s_under_way[cookie])
		cookie++;
	if (cookie == AXNIC_COOKIES)
		return;
	for (size_t i = 0; i < pieces; i++)
		segments[i] = (net_segment_t){ bytes, sizeof bytes };
	net_frame_t frame = { .segments = segments, .segment_count = pieces, .cookie = &s_under_way[cookie] };
	s_under_way[cookie] = net_device_transmit(s_nic, &frame) == NET_QUEUED;
	net_device_kick(s_nic);
}

static void axnic_step(unsigned what, uint8_t much)
{
	net_buffer_t *frame;
	switch (what) {
	case AXNIC_DELIVER:
		s_delivered += nic_deliver((size_t)AXNIC_SHORTEST + much);
		break;
	case AXNIC_DELIVER_LONG:
		s_delivered += nic_deliver((size_t)AXNIC_SHORTEST + much * (size_t)NIC_LONG_STEP);
		break;
	case AXNIC_RECEIVE:
		frame = net_device_receive(s_nic);
		if (frame)
			axnic_hold(frame);
		break;
	case AXNIC_GIVE_BACK:
		axnic_give_back(much);
		break;
	case AXNIC_SEND:
		axnic_send(1);
		break;
	case AXNIC_SEND_PIECES:
		axnic_send(1u + much % NET_SEGMENTS_MAX);
		break;
	case AXNIC_COMPLETE:
		nic_complete();
		break;
	case AXNIC_RECLAIM:
		net_device_reclaim(s_nic);
		break;
	case AXNIC_ARM:
		(void)net_device_arm(s_nic, much & 1);
		break;
	case AXNIC_INTERRUPT:
		nic_interrupt(much);
		break;
	default:
		s_has_lied = true;
		nic_lie(what - AXNIC_HONEST_STEPS, much);
		break;
	}
}

/* What an honest card still owes. */
static void axnic_settle(void)
{
	net_buffer_t *frame;
	for (int i = 0; i < AXNIC_SETTLING; i++)
		nic_complete();
	net_device_reclaim(s_nic);
	axnic_give_back(AXNIC_HELD);
	while ((frame = net_device_receive(s_nic)))
		axnic_hold(frame);
	axnic_give_back(AXNIC_HELD);
	if (s_has_lied)
		return;
	assert(s_received == s_delivered && !nic_dropped());
	for (size_t i = 0; i < AXNIC_COOKIES; i++)
		assert(!s_under_way[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	s_held_count = s_delivered = s_received = 0;
	s_has_lied = false;
	memset(s_under_way, 0, sizeof s_under_way);
	s_nic = nic_open(data[0] & 1);
	s_nic->sent = axnic_sent;
	unsigned steps = data[0] & 2 ? AXNIC_HONEST_STEPS : AXNIC_HONEST_STEPS + NIC_LIES;
	for (size_t i = 1; i + 1 < size; i += 2)
		axnic_step(data[i] % steps, data[i + 1]);
	axnic_settle();
	nic_close();
	return 0;
}
