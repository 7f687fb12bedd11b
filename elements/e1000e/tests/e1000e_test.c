/* SPDX-License-Identifier: Apache-2.0 */
#include "card.h"

#include <axtest.h>
#include <string.h>

enum { DONE = CARD_DONE, END = CARD_END_OF_FRAME, TCP = 32, FRAME = 60 };

static void *s_sent[300];
static unsigned s_sent_count, s_notified;

static void sent([[maybe_unused]] net_device_t *device, void *cookie)
{
	s_sent[s_sent_count++] = cookie;
}

static void notify([[maybe_unused]] net_device_t *device)
{
	s_notified++;
}

static net_device_t *open_card(void)
{
	net_device_t *device = card_open();
	device->sent = sent;
	device->notify = notify;
	s_sent_count = s_notified = 0;
	return device;
}

TEST(the_card_tells_its_address_and_what_it_does)
{
	net_device_t *device = open_card();
	CHECK(!memcmp(device->address, (uint8_t[]){ 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 }, 6));
	CHECK(device->link_is_up && device->mtu == 1500);
	CHECK_EQ(device->offloads, NET_OFFLOAD_TX_CHECKSUM | NET_OFFLOAD_RX_CHECKSUM | NET_OFFLOAD_TSO4 | NET_OFFLOAD_TSO6);
	card_close();
}

TEST(a_card_that_stays_in_reset_or_has_no_address_is_given_up)
{
	card_is_stuck = true;
	CHECK_EQ(e1000e_init(&card_driver, card_register(0), "eth0"), AX_ERR_IO);
	card_is_stuck = false;
	*card_register(0x5404) = 0; /* and so is one without an address */
	CHECK_EQ(e1000e_init(&card_driver, card_register(0), "eth0"), AX_ERR_NOT_SUPPORTED);
}

TEST(frames_are_received_without_a_copy_however_often_the_ring_turns)
{
	net_device_t *device = open_card();
	uint8_t frame[FRAME] = "a frame of sixty bytes";
	for (int round = 0; round < 1000; round++) {
		CHECK(card_deliver(frame, FRAME, DONE | END | TCP, 0));
		net_buffer_t *got = net_device_receive(device);
		CHECK(got && !got->next && got->frame_bytes == FRAME && got->flags == NET_BUFFER_CHECKED);
		CHECK(!memcmp(got->data, frame, FRAME) && (uintptr_t)(got->data + NET_HEADER_BYTES) % 4 == 0);
		net_device_return(device, got);
		CHECK(net_device_receive(device) == NULL);
	}
	card_close();
}

TEST(frames_may_be_held_until_there_are_no_more_buffers)
{
	net_device_t *device = open_card();
	uint8_t frame[FRAME] = {};
	net_buffer_t *held[E1000E_RING];
	unsigned count = 0;
	while (card_deliver(frame, FRAME, DONE | END, 0))
		CHECK((held[count++] = net_device_receive(device)) != NULL);
	CHECK_EQ(count, device->receive_buffers);
	CHECK(net_device_receive(device) == NULL);
	while (count) /* in any order */
		net_device_return(device, held[--count]);
	CHECK(net_device_receive(device) == NULL);
	CHECK(card_deliver(frame, FRAME, DONE | END, 0) && net_device_receive(device));
	card_close();
}

TEST(frames_that_make_no_sense_are_dropped_and_bad_sums_left_to_the_stack)
{
	net_device_t *device = open_card();
	static uint8_t frame[E1000E_BUFFER_BYTES];
	CHECK(card_deliver(frame, 5, DONE | END, 0));
	CHECK(card_deliver(frame, 60000, DONE | END, 0));
	CHECK(card_deliver(frame, FRAME, DONE, 0));
	CHECK(card_deliver(frame, FRAME, DONE | END, 0x80));
	CHECK(net_device_receive(device) == NULL && card_driver.dropped == 4);
	CHECK(card_deliver(frame, FRAME, DONE | END | TCP, 0x20));
	net_buffer_t *got = net_device_receive(device);
	CHECK(got && !got->flags);
	net_device_return(device, got);
	card_close();
}

TEST(a_sent_frame_is_read_where_it_lies_and_reclaimed_when_its_last_piece_is_through)
{
	net_device_t *device = open_card();
	net_segment_t segments[] = { { "headers", 7 }, { "payload", 7 } };
	net_frame_t frame = { .segments = segments, .segment_count = 2, .cookie = segments, .flags = NET_FRAME_CHECKSUM,
			      .checksum_start = 34, .checksum_offset = 16 };
	for (int round = 0; round < 500; round++) {
		CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
		CHECK(!card_next_sent()); /* not before it is kicked */
		net_device_kick(device);
		if (!round) { /* the context holds for all of them */
			e1000e_transmit_descriptor_t *context = card_next_sent();
			CHECK(!(context->command & CARD_DATA) && context->address == ((uint64_t)34 << 32 | (uint64_t)50 << 40));
		}
		e1000e_transmit_descriptor_t *first = card_next_sent(), *last = card_next_sent();
		CHECK(first && last && !card_next_sent());
		CHECK(first->address == (uintptr_t)segments[0].start && (first->command & 0xffff) == 7 && !(first->command & CARD_END));
		CHECK(last->address == (uintptr_t)segments[1].start && (last->command & CARD_END) && (last->options & 1 << 9));
		card_done(first);
		net_device_reclaim(device);
		CHECK(!s_sent_count);
		card_done(last);
		net_device_reclaim(device);
		CHECK(s_sent_count == 1 && s_sent[0] == segments);
		s_sent_count = 0;
	}
	card_close();
}

/* The sum of the pseudo header loses TCP's length; lengths and the sum of IP are the card's to write. */
TEST(a_frame_to_be_cut_has_its_headers_as_the_card_wants_them)
{
	net_device_t *device = open_card();
	uint8_t headers[54] = { [12] = 8, [14] = 0x45, [16] = 0x10, [17] = 0x20, [23] = 6, [24] = 1, [25] = 2,
				[26] = 10, [29] = 1, [30] = 10, [33] = 2 };
	static uint8_t payload[4000];
	uint8_t length[2] = { (20 + sizeof payload) >> 8, (20 + sizeof payload) & 255 }, protocol[2] = { 0, 6 };
	uint64_t without = net_checksum_add(net_checksum_add(0, headers + 26, 8), protocol, 2);
	uint16_t whole = net_checksum_fold(net_checksum_add(without, length, 2)), part = net_checksum_fold(without);
	memcpy(headers + 50, &whole, 2);
	net_segment_t segments[] = { { headers, sizeof headers }, { payload, sizeof payload } };
	net_frame_t frame = { .segments = segments, .segment_count = 2, .cookie = segments, .flags = NET_FRAME_CHECKSUM,
			      .checksum_start = 34, .checksum_offset = 16, .segment_bytes = 1460, .header_bytes = 54 };
	CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
	net_device_kick(device);
	e1000e_transmit_descriptor_t *context = card_next_sent(), *first = card_next_sent(), *last = card_next_sent();
	CHECK(context && first && last && !card_next_sent());
	CHECK((context->command & CARD_CUT) && (context->command & 0xfffff) == sizeof payload);
	CHECK(context->options >> 16 == 1460 && (context->options >> 8 & 255) == 54);
	const uint8_t *copy = (const void *)(uintptr_t)first->address;
	CHECK_EQ(first->command & 0xfffff, 54);
	CHECK(!copy[16] && !copy[17] && !copy[24] && !copy[25] && !memcmp(copy + 26, headers + 26, 24));
	CHECK(!memcmp(copy + 50, &part, 2));
	CHECK(last->address == (uintptr_t)payload && (last->command & CARD_CUT));
	frame.header_bytes = 200; /* longer than the first piece */
	CHECK_EQ(net_device_transmit(device, &frame), NET_SENT);
	CHECK_EQ(card_driver.dropped, 1);
	card_close();
}

TEST(a_full_ring_says_so_until_frames_are_reclaimed)
{
	net_device_t *device = open_card();
	net_segment_t segment = { "frame", 5 };
	net_frame_t frame = { .segments = &segment, .segment_count = 1, .cookie = &segment };
	unsigned queued = 0;
	while (net_device_transmit(device, &frame) == NET_QUEUED)
		queued++;
	CHECK(queued > 200);
	net_device_kick(device);
	for (unsigned i = 0; i < queued; i++)
		card_done(card_next_sent());
	net_device_reclaim(device);
	CHECK_EQ(s_sent_count, queued);
	CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
	card_close();
}

TEST(interrupts_notify_once_and_tell_of_the_link)
{
	net_device_t *device = open_card();
	uint8_t frame[FRAME] = {};
	CHECK(!net_device_arm(device, true) && *card_register(CARD_IMS));
	e1000e_interrupt(&card_driver); /* another's, on the same line */
	CHECK_EQ(s_notified, 0);
	CHECK(card_deliver(frame, FRAME, DONE | END, 0));
	*card_register(CARD_ICR) = 1 << 7;
	e1000e_interrupt(&card_driver);
	CHECK_EQ(s_notified, 1);
	CHECK(net_device_arm(device, true)); /* it is there already */
	*card_register(CARD_STATUS) = 0;
	*card_register(CARD_ICR) = 1 << 2;
	e1000e_interrupt(&card_driver);
	CHECK(!device->link_is_up && s_notified == 2);
	card_close();
}
