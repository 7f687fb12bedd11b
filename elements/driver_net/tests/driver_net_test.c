/* SPDX-License-Identifier: Apache-2.0 */
/* The interface's own functions, and a driver of the least kind behind it: what is sent comes back. */
#include <axtest.h>
#include <driver_net/driver.h>
#include <driver_net/driver_net.h>
#include <string.h>

/* One frame at a time goes round. */
static struct {
	net_device_t device;
	net_buffer_t buffer;
	uint8_t bytes[256];
	bool is_full, is_lent;
	void *unread; /* cookie of a frame that was queued */
	unsigned kicks;
} s_echo;

static net_buffer_t *echo_receive([[maybe_unused]] net_device_t *self)
{
	if (!s_echo.is_full || s_echo.is_lent)
		return NULL;
	s_echo.is_lent = true;
	return &s_echo.buffer;
}

static void echo_give_back([[maybe_unused]] net_device_t *self, net_buffer_t *buffer)
{
	CHECK(buffer == &s_echo.buffer);
	s_echo.is_full = s_echo.is_lent = false;
}

static net_result_t echo_transmit([[maybe_unused]] net_device_t *self, const net_frame_t *frame)
{
	if (s_echo.is_full)
		return NET_FULL;
	net_frame_copy(frame, s_echo.bytes);
	size_t bytes = net_frame_bytes(frame);
	s_echo.buffer = (net_buffer_t){ .data = s_echo.bytes, .bytes = (uint32_t)bytes, .frame_bytes = (uint32_t)bytes };
	s_echo.is_full = true;
	s_echo.unread = frame->cookie;
	return NET_QUEUED;
}

static void echo_kick([[maybe_unused]] net_device_t *self)
{
	s_echo.kicks++;
}

static void echo_reclaim(net_device_t *self)
{
	void *cookie = s_echo.unread;
	s_echo.unread = NULL;
	if (cookie)
		self->sent(self, cookie);
}

static bool echo_arm([[maybe_unused]] net_device_t *self, bool wanted)
{
	return wanted && s_echo.is_full && !s_echo.is_lent;
}

NET_DRIVER(echo_ops, echo_receive, echo_give_back, echo_transmit, echo_kick, echo_reclaim, echo_arm);

static void *s_sent;

static void sent(net_device_t *self, void *cookie)
{
	CHECK(self == &s_echo.device);
	s_sent = cookie;
}

static net_device_t *echo(void)
{
	memset(&s_echo, 0, sizeof s_echo);
	s_sent = NULL;
	s_echo.device = (net_device_t){ .name = "echo", .mtu = NET_MTU, .link_is_up = true, .sent = sent };
	NET_DRIVER_ATTACH(&s_echo.device, echo_ops);
	return &s_echo.device;
}

TEST(a_frame_of_several_segments_arrives_as_one_and_its_memory_is_given_back)
{
	net_device_t *device = echo();
	net_segment_t segments[] = { { "head", 4 }, { "er", 2 }, { " and body", 9 } };
	net_frame_t frame = { .segments = segments, .segment_count = 3, .cookie = &segments };
	CHECK(net_device_receive(device) == NULL);
	CHECK(!net_device_arm(device, true));
	CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
	net_device_kick(device);
	CHECK_EQ(s_echo.kicks, 1);
	CHECK(s_sent == NULL);
	net_device_reclaim(device);
	CHECK(s_sent == &segments);

	CHECK(net_device_arm(device, true));
	net_buffer_t *buffer = net_device_receive(device);
	CHECK(buffer && buffer->frame_bytes == 15 && !memcmp(buffer->data, "header and body", 15));
	net_device_return(device, buffer);
	CHECK(net_device_receive(device) == NULL);
}

TEST(a_full_device_says_so_until_a_buffer_is_returned)
{
	net_device_t *device = echo();
	net_segment_t segment = { "x", 1 };
	net_frame_t frame = { .segments = &segment, .segment_count = 1, .cookie = &segment };
	CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
	CHECK_EQ(net_device_transmit(device, &frame), NET_FULL);
	net_buffer_t *lent = net_device_receive(device);
	CHECK_EQ(net_device_transmit(device, &frame), NET_FULL);
	net_device_return(device, lent);
	CHECK_EQ(net_device_transmit(device, &frame), NET_QUEUED);
}

/* RFC 1071, section 3: 00 01 f2 03 f4 f5 f6 f7 sum up to ddf2. */
TEST(the_checksum_is_that_of_the_rfc_s_example)
{
	static const uint8_t data[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
	uint16_t sum = net_checksum_fold(net_checksum_add(0, data, sizeof data));
	CHECK(!memcmp(&sum, (uint8_t[]){ 0xdd, 0xf2 }, 2));
}

static uint16_t sum_by_bytes(const uint8_t *data, size_t bytes)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < bytes; i++)
		sum += (uint32_t)data[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)(sum << 8 | sum >> 8);
}

TEST(the_checksum_agrees_with_the_definition_for_every_length_and_alignment)
{
	uint8_t data[300];
	uint32_t seed = 1;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
	for (size_t offset = 0; offset < 8; offset++) {
		for (size_t bytes = 0; bytes + offset <= sizeof data; bytes++)
			CHECK_EQ(net_checksum_fold(net_checksum_add(0, data + offset, bytes)), sum_by_bytes(data + offset, bytes));
	}
}

TEST(the_checksum_of_parts_is_that_of_the_whole)
{
	uint8_t data[64];
	memset(data, 0xff, sizeof data);
	data[5] = 1;
	for (size_t cut = 0; cut <= sizeof data; cut += 2) {
		uint64_t sum = net_checksum_add(net_checksum_add(0, data, cut), data + cut, sizeof data - cut);
		CHECK_EQ(net_checksum_fold(sum), sum_by_bytes(data, sizeof data));
	}
}

TEST(a_checksum_left_to_the_device_can_be_filled_in_on_a_copy)
{
	uint8_t bytes[] = { 9, 9, 0x12, 0x34, 0, 0, 0x56 }, copy[sizeof bytes];
	net_segment_t segment = { bytes, sizeof bytes };
	net_frame_t frame = { .segments = &segment, .segment_count = 1, .flags = NET_FRAME_CHECKSUM, .checksum_start = 2,
			      .checksum_offset = 2 };
	net_frame_copy(&frame, copy);
	CHECK(net_frame_checksum(&frame, copy, sizeof copy));
	CHECK_EQ(net_checksum_fold(net_checksum_add(0, copy + 2, sizeof copy - 2)), 0xffff);
}

TEST(a_checksum_field_outside_the_frame_is_refused)
{
	uint8_t bytes[8] = {};
	net_frame_t frame = { .flags = NET_FRAME_CHECKSUM, .checksum_start = 4, .checksum_offset = 3 };
	CHECK(!net_frame_checksum(&frame, bytes, sizeof bytes));
	frame.checksum_start = 60000;
	CHECK(!net_frame_checksum(&frame, bytes, sizeof bytes));
	frame = (net_frame_t){ .flags = NET_FRAME_CHECKSUM, .checksum_start = 4, .checksum_offset = 2 };
	CHECK(net_frame_checksum(&frame, bytes, sizeof bytes));
}
