/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wire that carries what the input says, to an interface with an echo server on TCP and UDP, a client that connects, DHCP
 * and DNS behind it. Whatever arrives, no access leaves a frame, no assertion of lwIP's fails, and when all connections are
 * gone and time has passed, every buffer of the device is back and the heap as it was.
 *
 * The input is a list of frames: a byte of how (below), a byte of time that passes before it (in 64 ms), two bytes of length,
 * the least first, and the bytes.
 */
#include "wire.h"

#include <assert.h>
#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	HOW_CHECKED = 1,  /* the device has seen that the checksums are good */
	HOW_SUM_IP = 2,   /* the IPv4 header is given its length and its checksum */
	HOW_ANSWER = 4,   /* the TCP segment acknowledges the last one that was sent, and follows what that acknowledges */
	HOW_SPLIT = 8,    /* it comes in two pieces */

	FRAME_MAX = 4096, MS_PER_STEP = 64, IP = NET_HEADER_BYTES,
};

static uint8_t s_next[4], s_expected[4]; /* sequence numbers in network order: what the stack sends next, and expects */

/* Remember the numbers that an answer needs. */
net_result_t wire_transmit(const net_frame_t *frame)
{
	static uint8_t copy[NET_FRAME_BYTES_MAX];
	size_t bytes = net_frame_bytes(frame);
	assert(bytes >= NET_HEADER_BYTES && bytes <= (frame->segment_bytes ? (size_t)NET_FRAME_BYTES_MAX : NET_HEADER_BYTES + NET_MTU));
	net_frame_copy(frame, copy);
	assert(!(frame->flags & NET_FRAME_CHECKSUM) || net_frame_checksum(frame, copy, bytes));
	const uint8_t *tcp = wire_tcp_of(copy, bytes);
	if (tcp) {
		size_t payload = bytes - (size_t)(tcp - copy) - (size_t)(tcp[12] >> 4) * 4;
		wire_write32(s_next, wire_read32(tcp + WIRE_TCP_NUMBER) + (uint32_t)payload + ((tcp[13] & 3) != 0));
		memcpy(s_expected, tcp + WIRE_TCP_ACKNOWLEDGES, sizeof s_expected);
	}
	return NET_SENT;
}

void wire_reclaim(void)
{
}

static err_t echo([[maybe_unused]] void *argument, struct tcp_pcb *pcb, struct pbuf *pbuf, [[maybe_unused]] err_t error)
{
	if (!pbuf) {
		tcp_close(pcb);
		return ERR_OK;
	}
	for (const struct pbuf *piece = pbuf; piece; piece = piece->next)
		(void)tcp_write(pcb, piece->payload, piece->len, TCP_WRITE_FLAG_COPY);
	tcp_recved(pcb, pbuf->tot_len);
	pbuf_free(pbuf);
	return ERR_OK;
}

static err_t accept([[maybe_unused]] void *argument, struct tcp_pcb *pcb, err_t error)
{
	if (error == ERR_OK)
		tcp_recv(pcb, echo);
	return error;
}

static void echo_datagram([[maybe_unused]] void *argument, struct udp_pcb *pcb, struct pbuf *pbuf, const ip_addr_t *from, u16_t port)
{
	udp_sendto(pcb, pbuf, from, port);
	pbuf_free(pbuf);
}

static void forget_answer([[maybe_unused]] const char *name, [[maybe_unused]] const ip_addr_t *ip, [[maybe_unused]] void *argument)
{
}

static void connect_out(void)
{
	ip_addr_t peer = IPADDR4_INIT_BYTES(10, 0, 0, 2);
	struct tcp_pcb *pcb = tcp_new();
	tcp_recv(pcb, echo);
	(void)tcp_connect(pcb, &peer, 7, NULL);
}

static void start(void)
{
	ip_addr_t server = IPADDR4_INIT_BYTES(10, 0, 0, 2);
	wire_start(NET_OFFLOAD_TX_CHECKSUM | NET_OFFLOAD_RX_CHECKSUM | NET_OFFLOAD_RX_CHAINS | NET_OFFLOAD_TSO4 | NET_OFFLOAD_TSO6);
	dns_setserver(0, &server);
	struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
	(void)tcp_bind(pcb, IP_ANY_TYPE, 7);
	tcp_accept(tcp_listen_with_backlog(pcb, 4), accept);
	struct udp_pcb *udp = udp_new_ip_type(IPADDR_TYPE_ANY);
	(void)udp_bind(udp, IP_ANY_TYPE, 7);
	udp_recv(udp, echo_datagram, NULL);
}

static void adjust(uint8_t *frame, size_t bytes, uint8_t how)
{
	uint8_t *tcp = wire_tcp_of(frame, bytes);
	if ((how & HOW_ANSWER) && tcp) {
		memcpy(tcp + WIRE_TCP_ACKNOWLEDGES, s_next, sizeof s_next);
		wire_write32(tcp + WIRE_TCP_NUMBER, wire_read32(tcp + WIRE_TCP_NUMBER) + wire_read32(s_expected));
	}
	if ((how & HOW_SUM_IP) && bytes >= IP + WIRE_IP_BYTES && (frame[IP] & 15) >= 5) {
		size_t header = (size_t)(frame[IP] & 15) * 4;
		frame[IP + 2] = (uint8_t)((bytes - IP) >> 8);
		frame[IP + 3] = (uint8_t)(bytes - IP);
		frame[IP + 10] = frame[IP + 11] = 0;
		if (header <= bytes - IP) {
			uint16_t sum = (uint16_t)~net_checksum_fold(net_checksum_add(0, frame + IP, header));
			memcpy(frame + IP + 10, &sum, sizeof sum);
		}
	}
}

static void arrive(const uint8_t *data, size_t bytes, uint8_t how)
{
	static uint8_t frame[FRAME_MAX];
	memcpy(frame, data, bytes);
	adjust(frame, bytes, how);
	size_t first = how & HOW_SPLIT && bytes > 1 ? bytes - bytes / 3 - 1 : bytes;
	wire_arrive(frame, first, bytes, how & HOW_CHECKED ? NET_BUFFER_CHECKED : 0);
}

/* All that a peer can leave behind ends: connections by being aborted, the rest of old age. */
static void end(void)
{
	enum { SECONDS = 70 };
	while (tcp_active_pcbs)
		tcp_abort(tcp_active_pcbs);
	while (tcp_tw_pcbs)
		tcp_abort(tcp_tw_pcbs);
	dhcp_stop(&wire_interface.netif);
	dhcp_cleanup(&wire_interface.netif);
	for (int i = 0; i < SECONDS; i++)
		wire_pass_ms(1000);
	wire_device.link_is_up = false; /* whose neighbours are forgotten */
	wire_pass_ms(1);
	wire_device.link_is_up = true;
	wire_pass_ms(1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_started;
	ip_addr_t found;
	if (!is_started)
		start();
	is_started = true;
	end();
	size_t before = wire_blocks;
	connect_out();
	(void)dhcp_start(&wire_interface.netif);
	(void)dns_gethostbyname("a.test", &found, forget_answer, NULL);
	while (size > 4) {
		uint8_t how = data[0];
		size_t bytes = data[2] | (size_t)data[3] << 8;
		wire_pass_ms((uint64_t)data[1] * MS_PER_STEP);
		data += 4;
		size -= 4;
		bytes = bytes < size ? bytes : size;
		bytes = bytes < FRAME_MAX ? bytes : FRAME_MAX;
		if (bytes)
			arrive(data, bytes, how);
		data += bytes;
		size -= bytes;
	}
	end();
	assert(!wire_lent);
	assert(wire_blocks == before);
	return 0;
}
