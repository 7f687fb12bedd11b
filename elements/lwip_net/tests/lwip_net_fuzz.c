/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wire that carries what the input says, to an interface with an echo server on TCP and UDP, a client that connects, DHCP
 * and DNS behind it. Whatever arrives, no access leaves a frame, no assertion of lwIP's fails, and when all connections are
 * gone and time has passed, every buffer of the device is back and the heap as it was.
 *
 * The input is a list of frames: a byte of how (below), a byte of time that passes before it (in 64 ms), two bytes of length,
 * the least first, and the bytes.
 */
#include <assert.h>
#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>
#include <lwip_net/host.h>
#include <lwip_net/lwip_net.h>
#include <driver_net/driver.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	HOW_CHECKED = 1,  /* the device has seen that the checksums are good */
	HOW_SUM_IP = 2,   /* the IPv4 header is given its length and its checksum */
	HOW_ANSWER = 4,   /* the TCP segment acknowledges the last one that was sent, and follows what that acknowledges */
	HOW_SPLIT = 8,    /* it comes in two pieces */

	BUFFERS = 8, FRAME_MAX = 4096, MS_PER_STEP = 64, NS_PER_MS = 1000000,
	IP = 14, IP_BYTES = 20, TCP_NUMBER = 4, TCP_ACKNOWLEDGES = 8,
};

static uint64_t s_now_ns;
static size_t s_blocks;                 /* of the heap, in use */
static net_buffer_t *s_arrived;
static unsigned s_lent;
static uint8_t s_next[4], s_expected[4]; /* sequence numbers in network order: what the stack sends next, and expects */
static lwip_net_t s_interface;

void *lwip_net_host_alloc(size_t bytes)
{
	void *block = malloc(bytes);
	s_blocks += block != NULL;
	return block;
}

void lwip_net_host_free(void *pointer)
{
	s_blocks -= pointer != NULL;
	free(pointer);
}

uint64_t lwip_net_host_now_ns(void)
{
	return s_now_ns;
}

void panic_handler([[maybe_unused]] const char *file, [[maybe_unused]] int line, [[maybe_unused]] const char *format, ...)
{
	abort();
}

static net_buffer_t *receive([[maybe_unused]] net_device_t *device)
{
	net_buffer_t *frame = s_arrived;
	s_arrived = NULL;
	return frame;
}

static void give_back([[maybe_unused]] net_device_t *device, net_buffer_t *buffer)
{
	assert(s_lent);
	s_lent--;
	free(buffer->data);
	free(buffer);
}

static uint32_t read32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint8_t *tcp_of(uint8_t *frame, size_t bytes)
{
	bool is_ip6 = bytes > IP && frame[IP] >> 4 == 6;
	size_t at = IP + (is_ip6 ? 40 : IP_BYTES);
	bool is_tcp = bytes >= at + 20 && frame[is_ip6 ? IP + 6 : IP + 9] == IP_PROTO_TCP;
	return is_tcp ? frame + at : NULL;
}

/* Remember the numbers that an answer needs. */
static net_result_t transmit([[maybe_unused]] net_device_t *device, const net_frame_t *frame)
{
	static uint8_t copy[NET_FRAME_BYTES_MAX];
	size_t bytes = net_frame_bytes(frame);
	assert(bytes >= NET_HEADER_BYTES && bytes <= NET_HEADER_BYTES + NET_MTU);
	net_frame_copy(frame, copy);
	assert(!(frame->flags & NET_FRAME_CHECKSUM) || net_frame_checksum(frame, copy, bytes));
	const uint8_t *tcp = tcp_of(copy, bytes);
	if (tcp) {
		size_t payload = bytes - (size_t)(tcp - copy) - (size_t)(tcp[12] >> 4) * 4;
		write32(s_next, read32(tcp + TCP_NUMBER) + (uint32_t)payload + ((tcp[13] & 3) != 0));
		memcpy(s_expected, tcp + TCP_ACKNOWLEDGES, sizeof s_expected);
	}
	return NET_SENT;
}

static void kick([[maybe_unused]] net_device_t *device)
{
}

static void reclaim([[maybe_unused]] net_device_t *device)
{
}

static bool arm([[maybe_unused]] net_device_t *device, [[maybe_unused]] bool wanted)
{
	return false;
}

NET_DRIVER(wire_ops, receive, give_back, transmit, kick, reclaim, arm);

static net_device_t s_device = {
	.name = "wire0", .address = { 2, 0, 0, 0, 0, 1 }, .mtu = NET_MTU, .receive_buffers = BUFFERS, .link_is_up = true,
	.offloads = NET_OFFLOAD_TX_CHECKSUM | NET_OFFLOAD_RX_CHECKSUM | NET_OFFLOAD_RX_CHAINS,
};

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
	ip4_addr_t ip, mask, gateway;
	static const uint64_t secret[2] = { 1, 2 };
	ip_addr_t server = IPADDR4_INIT_BYTES(10, 0, 0, 2);
	NET_DRIVER_ATTACH(&s_device, wire_ops);
	lwip_net_init(secret);
	lwip_net_add(&s_interface, &s_device);
	IP4_ADDR(&ip, 10, 0, 0, 1);
	IP4_ADDR(&mask, 255, 255, 255, 0);
	IP4_ADDR(&gateway, 10, 0, 0, 2);
	netif_set_addr(&s_interface.netif, &ip, &mask, &gateway);
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
	uint8_t *tcp = tcp_of(frame, bytes);
	if ((how & HOW_ANSWER) && tcp) {
		memcpy(tcp + TCP_ACKNOWLEDGES, s_next, sizeof s_next);
		write32(tcp + TCP_NUMBER, read32(tcp + TCP_NUMBER) + read32(s_expected));
	}
	if ((how & HOW_SUM_IP) && bytes >= IP + IP_BYTES && (frame[IP] & 15) >= 5) {
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

/* A piece of exactly so much memory, for the address sanitizer. */
static net_buffer_t *make_piece(const uint8_t *from, size_t bytes)
{
	net_buffer_t *piece = calloc(1, sizeof *piece);
	piece->data = malloc(bytes);
	memcpy(piece->data, from, bytes);
	piece->bytes = (uint32_t)bytes;
	s_lent++;
	return piece;
}

static void arrive(const uint8_t *data, size_t bytes, uint8_t how)
{
	static uint8_t frame[FRAME_MAX];
	memcpy(frame, data, bytes);
	adjust(frame, bytes, how);
	size_t first = how & HOW_SPLIT && bytes > 1 ? bytes - bytes / 3 - 1 : bytes;
	s_arrived = make_piece(frame, first);
	if (first < bytes)
		s_arrived->next = make_piece(frame + first, bytes - first);
	s_arrived->frame_bytes = (uint32_t)bytes;
	s_arrived->flags = how & HOW_CHECKED ? NET_BUFFER_CHECKED : 0;
	(void)lwip_net_poll(2);
}

static void pass_ms(uint64_t ms)
{
	s_now_ns += ms * NS_PER_MS;
	(void)lwip_net_poll(2);
}

/* All that a peer can leave behind ends: connections by being aborted, the rest of old age. */
static void end(void)
{
	enum { SECONDS = 70 };
	while (tcp_active_pcbs)
		tcp_abort(tcp_active_pcbs);
	while (tcp_tw_pcbs)
		tcp_abort(tcp_tw_pcbs);
	dhcp_stop(&s_interface.netif);
	dhcp_cleanup(&s_interface.netif);
	for (int i = 0; i < SECONDS; i++)
		pass_ms(1000);
	s_device.link_is_up = false; /* whose neighbours are forgotten */
	pass_ms(1);
	s_device.link_is_up = true;
	pass_ms(1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_started;
	ip_addr_t found;
	if (!is_started)
		start();
	is_started = true;
	end();
	size_t before = s_blocks;
	connect_out();
	(void)dhcp_start(&s_interface.netif);
	(void)dns_gethostbyname("a.test", &found, forget_answer, NULL);
	while (size > 4) {
		uint8_t how = data[0];
		size_t bytes = data[2] | (size_t)data[3] << 8;
		pass_ms((uint64_t)data[1] * MS_PER_STEP);
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
	assert(!s_lent);
	assert(s_blocks == before);
	return 0;
}
