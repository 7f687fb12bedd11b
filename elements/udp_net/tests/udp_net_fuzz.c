/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wire that carries what the input says, to an echo service. Whatever arrives, no access leaves a frame, what is sent has
 * the length that the wire takes, and when time has passed every buffer of the device is back, and the heap as it was.
 *
 * The input is a list of frames: a byte of how (below), a byte of time that passes before it (in 64 ms), two bytes of length,
 * the least first, and the bytes.
 */
#include <assert.h>
#include <string.h>
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	HOW_CHECKED = 1, /* the device has seen that the checksum is good */
	HOW_SUM_IP = 2,  /* the IPv4 header is given its length and its checksum */
	HOW_SPLIT = 8,   /* it comes in two pieces */

	FRAME_MAX = 4096, NS_PER_STEP = 64000000, IP = 14, IP_BYTES = 20, SECONDS = 70,
};

static udp_net_t s_net;
static udp_net_datagram_t *s_kept;

/* One datagram is kept for a while. */
static void deliver([[maybe_unused]] udp_net_socket_t *socket, udp_net_datagram_t *datagram)
{
	if (s_kept)
		udp_net_release(&s_net, s_kept);
	s_kept = datagram;
}

static udp_net_socket_t s_socket;

static void echo(void)
{
	if (!s_kept)
		return;
	udp_net_packet_t *packet = udp_net_packet_new(&s_net, s_kept->bytes);
	char *to = udp_net_packet_payload(packet);
	size_t bytes;
	const void *part = NULL;
	while ((part = udp_net_datagram_part(s_kept, part, &bytes))) {
		memcpy(to, part, bytes);
		to += bytes;
	}
	assert(to == (char *)udp_net_packet_payload(packet) + s_kept->bytes);
	ax_err_t error = udp_net_send(&s_net, &s_socket, packet, s_kept->from, s_kept->from_port);
	assert(!error || !s_kept->from_port || error == AX_ERR_NO_BUFFERS);
	udp_net_release(&s_net, s_kept);
	s_kept = NULL;
}

static void adjust(uint8_t *frame, size_t bytes)
{
	size_t header = (size_t)(frame[IP] & 15) * 4;
	frame[IP + 2] = (uint8_t)((bytes - IP) >> 8);
	frame[IP + 3] = (uint8_t)(bytes - IP);
	frame[IP + 10] = frame[IP + 11] = 0;
	if (header <= bytes - IP) {
		uint16_t sum = (uint16_t)~net_checksum_fold(net_checksum_add(0, frame + IP, header));
		memcpy(frame + IP + 10, &sum, sizeof sum);
	}
}

static void arrive(const uint8_t *data, size_t bytes, uint8_t how)
{
	static uint8_t frame[FRAME_MAX];
	memcpy(frame, data, bytes);
	if ((how & HOW_SUM_IP) && bytes >= IP + IP_BYTES)
		adjust(frame, bytes);
	wire_arrive(frame, bytes, how & HOW_SPLIT && bytes > 1 ? bytes - bytes / 3 - 1 : 0, how & HOW_CHECKED ? NET_BUFFER_CHECKED : 0);
	udp_net_poll(&s_net, 1);
	if (how & 0x10)
		echo();
	udp_net_flush(&s_net);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	wire_init(size & 1 ? NET_OFFLOAD_TX_CHECKSUM : 0);
	wire.is_slow = size & 2;
	udp_net_init(&s_net, &wire.device, 0x0100000a, 0x00ffffff, 0x0200000a);
	s_socket = (udp_net_socket_t){ .deliver = deliver };
	assert(udp_net_bind(&s_net, &s_socket, 0, 7, false) == AX_OK);
	while (size > 4) {
		uint8_t how = data[0];
		size_t bytes = data[2] | (size_t)data[3] << 8;
		wire.now_ns += (uint64_t)data[1] * NS_PER_STEP;
		data += 4;
		size -= 4;
		bytes = bytes < size ? bytes : size;
		bytes = bytes < FRAME_MAX ? bytes : FRAME_MAX;
		if (bytes)
			arrive(data, bytes, how);
		data += bytes;
		size -= bytes;
	}
	echo();
	for (int i = 0; i < SECONDS; i++) {
		wire.now_ns += 1000000000;
		udp_net_poll(&s_net, 1);
	}
	assert(!wire.lent && !s_net.lent);
	assert(!wire.blocks);
	return 0;
}
