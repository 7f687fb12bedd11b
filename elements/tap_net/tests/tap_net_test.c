/* SPDX-License-Identifier: Apache-2.0 */
/* The driver against a host that is made of this file: what it reads and writes, and how it fails. */
#include <axtest.h>
#include <stdlib.h>
#include <string.h>
#include <tap_net/host.h>
#include <tap_net/tap_net.h>

enum { HEADER = 10, PIECES = TAP_NET_PIECES_MIN };

static struct {
	long open_result, attach_result, write_result;
	uint8_t arrived[70000]; /* header and frame */
	size_t arrived_bytes;   /* 0: nothing there */
	uint8_t written[70000];
	size_t written_bytes;
	uintptr_t refused;      /* offloads */
	int header_bytes;
	bool wanted;
	void (*handler)(void *);
	void *argument;
} s_host;

long tap_net_host_open(const char *path)
{
	CHECK_STR(path, "/dev/net/tun");
	return s_host.open_result;
}

void tap_net_host_close([[maybe_unused]] int fd)
{
}

long tap_net_host_ioctl(int fd, unsigned long request, void *argument)
{
	CHECK_EQ(fd, 5);
	if (request == 0x8927)
		memcpy((char *)argument + 18, "\x16\x22\x33\x44\x55\x66", 6);
	if (request == 0x400454d8)
		memcpy(&s_host.header_bytes, argument, sizeof s_host.header_bytes);
	if (request == 0x400454d0)
		return (uintptr_t)argument & s_host.refused ? -22 : 0;
	return request == 0x400454ca ? s_host.attach_result : 0;
}

long tap_net_host_readv([[maybe_unused]] int fd, const struct tap_net_iovec *vector, size_t count)
{
	size_t at = 0, left = s_host.arrived_bytes;
	if (!left)
		return -11;
	for (size_t i = 0; i < count && left; i++) {
		size_t here = left < vector[i].bytes ? left : vector[i].bytes;
		memcpy(vector[i].start, s_host.arrived + at, here);
		at += here;
		left -= here;
	}
	CHECK_EQ(left, 0);
	s_host.arrived_bytes = 0;
	return (long)at;
}

long tap_net_host_writev([[maybe_unused]] int fd, const struct tap_net_iovec *vector, size_t count)
{
	if (s_host.write_result)
		return s_host.write_result;
	s_host.written_bytes = 0;
	for (size_t i = 0; i < count; i++) {
		memcpy(s_host.written + s_host.written_bytes, vector[i].start, vector[i].bytes);
		s_host.written_bytes += vector[i].bytes;
	}
	return (long)s_host.written_bytes;
}

void tap_net_host_interrupt([[maybe_unused]] int fd, bool wanted, void (*handler)(void *), void *argument)
{
	s_host.wanted = wanted;
	s_host.handler = handler;
	s_host.argument = argument;
}

static _Alignas(TAP_NET_PIECE_BYTES) uint8_t s_memory[PIECES * TAP_NET_PIECE_BYTES];
static tap_net_t s_tap;

static net_device_t *open_tap(void)
{
	memset(&s_host, 0, sizeof s_host);
	s_host.open_result = 5;
	CHECK_EQ(tap_net_init(&s_tap, "tap7", s_memory, sizeof s_memory), AX_OK);
	return &s_tap.device;
}

static void arrive(size_t frame_bytes, uint8_t flags)
{
	for (size_t i = 0; i < frame_bytes; i++)
		s_host.arrived[HEADER + i] = (uint8_t)(i * 7 + i / 251);
	memset(s_host.arrived, 0, HEADER);
	s_host.arrived[0] = flags;
	s_host.arrived_bytes = HEADER + frame_bytes;
}

TEST(the_device_has_another_address_than_the_host_on_the_same_wire)
{
	net_device_t *device = open_tap();
	CHECK_STR(device->name, "tap7");
	CHECK_EQ(s_host.header_bytes, HEADER); /* whatever it was */
	CHECK(!memcmp(device->address, "\x16\x22\x33\x44\x55\x67", 6));
}

TEST(a_short_frame_comes_in_one_piece_whose_ip_header_is_aligned)
{
	net_device_t *device = open_tap();
	CHECK(net_device_receive(device) == NULL);
	arrive(60, 0);
	net_buffer_t *frame = net_device_receive(device);
	CHECK(frame && frame->frame_bytes == 60 && frame->bytes == 60 && !frame->next && !frame->flags);
	CHECK(!memcmp(frame->data, s_host.arrived + HEADER, 60));
	CHECK_EQ((uintptr_t)(frame->data + NET_HEADER_BYTES) % 4, 0);
	net_device_return(device, frame);
	CHECK_EQ(s_tap.free_count, PIECES);
}

TEST(the_longest_frame_comes_whole_and_every_piece_goes_back)
{
	net_device_t *device = open_tap();
	arrive(NET_FRAME_BYTES_MAX, 1);
	net_buffer_t *frame = net_device_receive(device);
	CHECK(frame && frame->frame_bytes == NET_FRAME_BYTES_MAX && frame->flags == NET_BUFFER_CHECKED);
	size_t at = 0;
	for (net_buffer_t *piece = frame, *next; piece; piece = next) {
		next = piece->next;
		CHECK(!memcmp(piece->data, s_host.arrived + HEADER + at, piece->bytes));
		at += piece->bytes;
		net_device_return(device, piece);
	}
	CHECK_EQ(at, NET_FRAME_BYTES_MAX);
	CHECK_EQ(s_tap.free_count, PIECES);
}

TEST(nothing_is_read_while_the_longest_frame_would_not_fit)
{
	net_device_t *device = open_tap();
	net_buffer_t *held[PIECES];
	size_t count = 0;
	for (;; count++) {
		arrive(60, 0);
		held[count] = net_device_receive(device);
		if (!held[count])
			break;
	}
	CHECK(count == device->receive_buffers + 1u && s_host.arrived_bytes);
	net_device_return(device, held[0]);
	CHECK(net_device_receive(device) != NULL);
}

TEST(a_frame_without_a_whole_header_is_dropped_and_counted)
{
	net_device_t *device = open_tap();
	arrive(13, 0);
	CHECK(net_device_receive(device) == NULL);
	CHECK_EQ(s_tap.dropped, 1);
	CHECK_EQ(s_tap.free_count, PIECES);
}

TEST(a_sent_frame_carries_what_the_host_is_to_do)
{
	net_device_t *device = open_tap();
	net_segment_t segments[] = { { "headers", 7 }, { "payload", 7 } };
	net_frame_t frame = { .segments = segments, .segment_count = 2, .cookie = device, .flags = NET_FRAME_CHECKSUM,
			      .checksum_start = 34, .checksum_offset = 16, .segment_bytes = 1460, .header_bytes = 54 };
	CHECK_EQ(net_device_transmit(device, &frame), NET_SENT);
	static const uint8_t header[HEADER] = { 1, 1, 54, 0, 1460 & 255, 1460 >> 8, 34, 0, 16, 0 };
	CHECK_EQ(s_host.written_bytes, HEADER + 14);
	CHECK(!memcmp(s_host.written, header, HEADER));
	CHECK(!memcmp(s_host.written + HEADER, "headerspayload", 14));
	frame.flags |= NET_FRAME_UDP;
	CHECK_EQ(net_device_transmit(device, &frame), NET_SENT);
	CHECK_EQ(s_host.written[1], 3);
}

TEST(a_host_that_lacks_offloads_does_the_others)
{
	const uint32_t received = NET_OFFLOAD_RX_CHECKSUM | NET_OFFLOAD_LRO;
	CHECK((~open_tap()->offloads & (received | NET_OFFLOAD_UFO)) == 0);
	s_host.refused = 16;
	CHECK_EQ(tap_net_init(&s_tap, "tap7", s_memory, sizeof s_memory), AX_OK);
	CHECK_EQ(s_tap.device.offloads & (received | NET_OFFLOAD_UFO), received);
	s_host.refused = 1;
	CHECK_EQ(tap_net_init(&s_tap, "tap7", s_memory, sizeof s_memory), AX_OK);
	CHECK(!(s_tap.device.offloads & (received | NET_OFFLOAD_UFO)));
}

TEST(a_host_that_takes_no_more_is_full_and_one_that_refuses_a_frame_drops_it)
{
	net_device_t *device = open_tap();
	net_segment_t segment = { "frame", 5 };
	net_frame_t frame = { .segments = &segment, .segment_count = 1, .cookie = device };
	s_host.write_result = -11;
	CHECK_EQ(net_device_transmit(device, &frame), NET_FULL);
	s_host.write_result = -22;
	CHECK_EQ(net_device_transmit(device, &frame), NET_SENT);
	CHECK_EQ(s_tap.dropped, 1);
}

static unsigned s_notified;

static void notify([[maybe_unused]] net_device_t *device)
{
	s_notified++;
}

TEST(who_arms_the_device_is_told_of_an_arrival)
{
	net_device_t *device = open_tap();
	device->notify = notify;
	(void)net_device_arm(device, true);
	CHECK(s_host.wanted);
	s_host.handler(s_host.argument);
	CHECK_EQ(s_notified, 1);
	(void)net_device_arm(device, false);
	CHECK(!s_host.wanted);
}

TEST(what_the_host_refuses_is_told_apart)
{
	memset(&s_host, 0, sizeof s_host);
	s_host.open_result = -2;
	CHECK_EQ(tap_net_init(&s_tap, "t", s_memory, sizeof s_memory), AX_ERR_NO_DEVICE);
	s_host.open_result = -13;
	CHECK_EQ(tap_net_init(&s_tap, "t", s_memory, sizeof s_memory), AX_ERR_ACCESS_DENIED);
	s_host.open_result = 5;
	s_host.attach_result = -1;
	CHECK_EQ(tap_net_init(&s_tap, "t", s_memory, sizeof s_memory), AX_ERR_ACCESS_DENIED);
	s_host.attach_result = -16;
	CHECK_EQ(tap_net_init(&s_tap, "t", s_memory, sizeof s_memory), AX_ERR_BUSY);
	CHECK_EQ(tap_net_init(&s_tap, "t", s_memory, TAP_NET_PIECE_BYTES), AX_ERR_INVALID_INPUT);
}
