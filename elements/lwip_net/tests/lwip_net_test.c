/* SPDX-License-Identifier: Apache-2.0 */
/* Segments, and a datagram's fragments, joined on their way out: a peer of this file's puts together what the frames carry as a
 * card would cut them. */
#include "wire.h"

#include <axtest.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>
#include <stdlib.h>
#include <string.h>

enum {
	PEER_NUMBER = 1000, SERVER_PORT = 7, PEER_PORT = 5000, MSS = 1460, MSS6 = 1440, STREAM = 400000,
	FIN = 1, SYN = 2, PSH = 8, ACK = 16,
	TCP = 6, UDP = 17, UDP_HEADER = 8, FRAGMENT = 1480, DATAGRAM_MAX = 65507,
};

static struct {
	bool is_ip6, is_slow, is_full; /* the card has not read what it was given; takes no more */
	bool is_closed;                /* the peer's window */
	uint32_t empty;                /* the number of the last segment without bytes */
	uint8_t server[6];
	uint32_t first, next;          /* sequence numbers of the server's */
	uint8_t bytes[STREAM];
	bool ended;
	unsigned frames, joined;
	size_t cookies_count;
	void *cookies[4096];
} s_peer;

static struct {
	unsigned frames, whole; /* in which it came; not as fragments */
	size_t bytes;           /* with UDP's header */
	uint8_t content[UDP_HEADER + DATAGRAM_MAX];
} s_datagram;

static struct tcp_pcb *s_accepted;
static uint8_t s_stream[STREAM];

static void take_payload(const uint8_t *tcp, const uint8_t *payload, size_t bytes)
{
	if (s_peer.is_closed)
		return;
	uint32_t at = wire_read32(tcp + WIRE_TCP_NUMBER) - s_peer.first - 1;
	CHECK(at + bytes <= sizeof s_peer.bytes);
	memcpy(s_peer.bytes + at, payload, bytes);
	if (wire_read32(tcp + WIRE_TCP_NUMBER) == s_peer.next)
		s_peer.next += (uint32_t)bytes;
	if (tcp[WIRE_TCP_FLAGS] & FIN) {
		s_peer.ended = true;
		s_peer.next++;
	}
}

/* The headers say what is there, and a frame to be cut says how. */
static void check_frame(const net_frame_t *frame, uint8_t *copy, size_t bytes)
{
	const uint8_t *ip = copy + NET_HEADER_BYTES;
	size_t length = s_peer.is_ip6 ? WIRE_IP6_BYTES + (size_t)(ip[4] << 8 | ip[5]) : (size_t)(ip[2] << 8 | ip[3]);
	CHECK_EQ(length, bytes - NET_HEADER_BYTES);
	if (!s_peer.is_ip6)
		CHECK_EQ(net_checksum_fold(net_checksum_add(0, ip, WIRE_IP_BYTES)), 0xffff);
	if (frame->segment_bytes) {
		CHECK(!(frame->flags & NET_FRAME_IPV6) == !s_peer.is_ip6);
		CHECK(frame->segment_bytes + frame->header_bytes <= NET_HEADER_BYTES + NET_MTU);
		s_peer.joined++;
	} else {
		CHECK(bytes <= NET_HEADER_BYTES + NET_MTU);
	}
}

static void check_sum(const net_frame_t *frame, uint8_t *copy, size_t bytes, uint8_t protocol, const uint8_t *at)
{
	const uint8_t *ip = copy + NET_HEADER_BYTES;
	size_t summed = bytes - (size_t)(at - copy);
	uint8_t pseudo[4] = { 0, protocol, (uint8_t)(summed >> 8), (uint8_t)summed };
	uint64_t sum = net_checksum_add(0, pseudo, sizeof pseudo);
	sum = net_checksum_add(sum, ip + (s_peer.is_ip6 ? 8 : 12), s_peer.is_ip6 ? 32 : 8);
	CHECK(net_frame_checksum(frame, copy, bytes));
	CHECK_EQ(net_checksum_fold(net_checksum_add(sum, at, summed)), 0xffff);
}

/* All of it, or its next fragment. */
static void take_datagram(const net_frame_t *frame, uint8_t *copy, size_t bytes)
{
	uint8_t *ip = copy + NET_HEADER_BYTES, *content = ip + WIRE_IP_BYTES;
	size_t here = bytes - NET_HEADER_BYTES - WIRE_IP_BYTES, at = (size_t)((ip[6] & 0x1f) << 8 | ip[7]) * 8;
	CHECK_EQ((size_t)(ip[2] << 8 | ip[3]), bytes - NET_HEADER_BYTES);
	CHECK_EQ(net_checksum_fold(net_checksum_add(0, ip, WIRE_IP_BYTES)), 0xffff);
	CHECK_EQ(at, s_datagram.bytes);
	if (frame->segment_bytes) {
		CHECK(frame->flags == (NET_FRAME_CHECKSUM | NET_FRAME_UDP) && frame->segment_bytes == FRAGMENT && !(ip[6] & 0x20));
		check_sum(frame, copy, bytes, UDP, content);
		s_datagram.whole++;
	} else {
		CHECK(bytes <= NET_HEADER_BYTES + NET_MTU && !frame->flags);
	}
	memcpy(s_datagram.content + at, content, here);
	s_datagram.bytes += here;
	s_datagram.frames++;
}

static net_result_t read_at_once_or_later(const net_frame_t *frame)
{
	if (!s_peer.is_slow)
		return NET_SENT;
	CHECK(s_peer.cookies_count < sizeof s_peer.cookies / sizeof *s_peer.cookies);
	s_peer.cookies[s_peer.cookies_count++] = frame->cookie;
	return NET_QUEUED;
}

net_result_t wire_transmit(const net_frame_t *frame)
{
	static uint8_t copy[NET_FRAME_BYTES_MAX];
	size_t bytes = net_frame_bytes(frame);
	if (s_peer.is_full)
		return NET_FULL;
	CHECK(bytes <= sizeof copy && frame->segment_count <= NET_SEGMENTS_MAX);
	net_frame_copy(frame, copy);
	uint8_t *tcp = wire_tcp_of(copy, bytes);
	if (!tcp && copy[12] == 8 && !copy[13] && copy[NET_HEADER_BYTES + 9] == UDP) {
		take_datagram(frame, copy, bytes);
		return read_at_once_or_later(frame);
	}
	if (!tcp)
		return NET_SENT;
	s_peer.frames++;
	check_frame(frame, copy, bytes);
	check_sum(frame, copy, bytes, TCP, tcp);
	if (tcp[WIRE_TCP_FLAGS] & SYN)
		s_peer.next = (s_peer.first = wire_read32(tcp + WIRE_TCP_NUMBER)) + 1;
	size_t header = (size_t)(tcp[WIRE_TCP_OFFSET] >> 4) * 4;
	if (bytes > (size_t)(tcp - copy) + header || (tcp[WIRE_TCP_FLAGS] & FIN))
		take_payload(tcp, tcp + header, bytes - (size_t)(tcp - copy) - header);
	else
		s_peer.empty = wire_read32(tcp + WIRE_TCP_NUMBER);
	return read_at_once_or_later(frame);
}

void wire_reclaim(void)
{
	while (s_peer.cookies_count)
		wire_device.sent(&wire_device, s_peer.cookies[--s_peer.cookies_count]);
}

/* The server's address of this family; the peer's ends in 2. */
static void write_addresses(uint8_t *ip, bool to_server)
{
	if (s_peer.is_ip6) {
		memcpy(ip + (to_server ? 24 : 8), netif_ip6_addr(&wire_interface.netif, 0)->addr, 16);
		memcpy(ip + (to_server ? 8 : 24), (uint8_t[16]){ 0xfe, 0x80, [15] = 2 }, 16);
	} else {
		memcpy(ip + 12, (uint8_t[]){ 10, 0, 0, to_server ? 2 : 1, 10, 0, 0, to_server ? 1 : 2 }, 8);
	}
}

static void say(uint8_t flags, uint32_t number)
{
	uint8_t frame[NET_HEADER_BYTES + WIRE_IP6_BYTES + 24] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0 };
	uint8_t *ip = frame + NET_HEADER_BYTES, *tcp = ip + (s_peer.is_ip6 ? WIRE_IP6_BYTES : WIRE_IP_BYTES);
	size_t tcp_bytes = flags & SYN ? 24 : 20, bytes = (size_t)(tcp - frame) + tcp_bytes;
	if (s_peer.is_ip6) {
		memcpy(frame + 12, (uint8_t[]){ 0x86, 0xdd, 0x60, 0, 0, 0, 0, (uint8_t)tcp_bytes, 6, 64 }, 10);
	} else {
		memcpy(ip, (uint8_t[]){ 0x45, 0, 0, (uint8_t)(bytes - NET_HEADER_BYTES), 0, 0, 0, 0, 64, 6 }, 10);
	}
	write_addresses(ip, true);
	if (!s_peer.is_ip6) {
		uint16_t sum = (uint16_t)~net_checksum_fold(net_checksum_add(0, ip, WIRE_IP_BYTES));
		memcpy(ip + 10, &sum, sizeof sum);
	}
	memcpy(tcp, (uint8_t[]){ PEER_PORT >> 8, PEER_PORT & 255, 0, SERVER_PORT }, 4);
	wire_write32(tcp + WIRE_TCP_NUMBER, number);
	wire_write32(tcp + WIRE_TCP_ACKNOWLEDGES, s_peer.next);
	const uint8_t window = s_peer.is_closed ? 0 : 0xff;
	memcpy(tcp + WIRE_TCP_OFFSET, (uint8_t[]){ (uint8_t)(tcp_bytes << 2), flags, window, window }, 4);
	if (flags & SYN)
		memcpy(tcp + 20, (uint8_t[]){ 2, 4, MSS >> 8, MSS & 255 }, 4);
	wire_arrive(frame, bytes, bytes, NET_BUFFER_CHECKED);
}

/* lwIP asks where the peer lives: a neighbour advertisement (RFC 4861, 4.4), or an ARP reply (RFC 826). */
static void tell_address(void)
{
	uint8_t arp[60] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0, 6, 4, 0, 2,
			    2, 0, 0, 0, 0, 2, 10, 0, 0, 2, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1 };
	uint8_t frame[NET_HEADER_BYTES + WIRE_IP6_BYTES + 32] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x86, 0xdd,
								  0x60, 0, 0, 0, 0, 32, 58, 255 };
	uint8_t *ip = frame + NET_HEADER_BYTES, *icmp = ip + WIRE_IP6_BYTES;
	if (!s_peer.is_ip6) {
		wire_arrive(arp, sizeof arp, sizeof arp, 0);
		return;
	}
	write_addresses(ip, true);
	memcpy(icmp, (uint8_t[]){ 136, 0, 0, 0, 0x60 }, 5);
	memcpy(icmp + 8, ip + 8, 16);
	memcpy(icmp + 24, (uint8_t[]){ 2, 1, 2, 0, 0, 0, 0, 2 }, 8);
	uint64_t sum = net_checksum_add(0, ip + 8, 32);
	sum = net_checksum_add(sum, (uint8_t[]){ 0, 32, 0, 58 }, 4);
	uint16_t folded = (uint16_t)~net_checksum_fold(net_checksum_add(sum, icmp, 32));
	memcpy(icmp + 2, &folded, sizeof folded);
	wire_arrive(frame, sizeof frame, sizeof frame, 0);
}

static err_t on_accept([[maybe_unused]] void *argument, struct tcp_pcb *pcb, [[maybe_unused]] err_t error)
{
	s_accepted = pcb;
	tcp_nagle_disable(pcb);
	return ERR_OK;
}

static void start(void)
{
	static bool is_started;
	if (is_started)
		return;
	is_started = true;
	wire_start(NET_OFFLOAD_TX_CHECKSUM | NET_OFFLOAD_RX_CHECKSUM | NET_OFFLOAD_TSO4 | NET_OFFLOAD_TSO6);
	struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
	CHECK_EQ(tcp_bind(pcb, IP_ANY_TYPE, SERVER_PORT), ERR_OK);
	tcp_accept(tcp_listen(pcb), on_accept);
	for (size_t i = 0; i < sizeof s_stream; i++)
		s_stream[i] = (uint8_t)(i * 31 + i / 251);
	for (int i = 0; i < 5; i++) /* the link's own address of IPv6 is ours */
		wire_pass_ms(1000);
}

static void connect_peer(bool is_ip6)
{
	start();
	memset(&s_peer, 0, sizeof s_peer);
	s_peer.is_ip6 = is_ip6;
	s_accepted = NULL;
	tell_address();
	say(SYN, PEER_NUMBER);
	tell_address();
	say(ACK, PEER_NUMBER + 1);
	CHECK(s_accepted);
}

static void disconnect(void)
{
	tcp_abort(s_accepted);
	lwip_net_flush();
	wire_reclaim();
	CHECK(!wire_lent);
}

/* Write it all in pieces of @p part, acknowledging whatever arrives. */
static void stream(size_t part)
{
	size_t written = 0;
	for (int round = 0; round < 100000 && (written < STREAM || s_peer.next != s_peer.first + 1 + STREAM); round++) {
		for (;;) {
			size_t bytes = part < STREAM - written ? part : STREAM - written;
			if (!bytes || tcp_write(s_accepted, s_stream + written, (u16_t)bytes, round % 2 ? TCP_WRITE_FLAG_COPY : 0) != ERR_OK)
				break;
			written += bytes;
		}
		(void)tcp_output(s_accepted);
		lwip_net_flush();
		wire_reclaim();
		say(ACK, PEER_NUMBER + 1);
	}
	CHECK_EQ(written, STREAM);
	CHECK(!memcmp(s_peer.bytes, s_stream, STREAM));
}

TEST(segments_that_follow_each_other_leave_in_one_frame_byte_for_byte)
{
	for (int is_ip6 = 0; is_ip6 < 2; is_ip6++) {
		connect_peer(is_ip6);
		stream(30000);
		CHECK(s_peer.joined && s_peer.frames < STREAM / MSS / 4);
		disconnect();
	}
}

TEST(writes_of_any_size_arrive_as_they_were_written)
{
	for (size_t part = 1; part < 20000; part = part * 3 + 511) {
		connect_peer(false);
		stream(part);
		disconnect();
	}
}

TEST(a_slow_card_holds_what_it_has_not_read)
{
	connect_peer(false);
	s_peer.is_slow = true;
	size_t before = wire_blocks;
	CHECK_EQ(tcp_write(s_accepted, s_stream, 5 * MSS, TCP_WRITE_FLAG_COPY), ERR_OK);
	(void)tcp_output(s_accepted);
	lwip_net_flush();
	CHECK(s_peer.joined && s_peer.cookies_count);
	say(ACK, PEER_NUMBER + 1); /* acknowledged, and read by the card only then */
	CHECK(wire_blocks > before || !s_peer.cookies_count);
	wire_reclaim();
	CHECK(!memcmp(s_peer.bytes, s_stream, (size_t)(s_peer.next - s_peer.first - 1)));
	disconnect();
}

TEST(a_full_card_loses_nothing)
{
	connect_peer(false);
	s_peer.is_full = true;
	CHECK_EQ(tcp_write(s_accepted, s_stream, 3 * MSS, TCP_WRITE_FLAG_COPY), ERR_OK);
	(void)tcp_output(s_accepted);
	lwip_net_flush();
	CHECK_EQ(s_peer.next, s_peer.first + 1);
	s_peer.is_full = false;
	lwip_net_flush();
	say(ACK, PEER_NUMBER + 1);
	CHECK_EQ(s_peer.next, s_peer.first + 1 + 3 * MSS);
	CHECK(!memcmp(s_peer.bytes, s_stream, 3 * MSS));
	disconnect();
}

TEST(a_peer_whose_window_is_closed_hears_of_ours)
{
	connect_peer(false);
	CHECK_EQ(tcp_write(s_accepted, s_stream, MSS, TCP_WRITE_FLAG_COPY), ERR_OK);
	(void)tcp_output(s_accepted);
	lwip_net_flush();
	s_peer.is_closed = true;
	say(ACK, PEER_NUMBER + 1);
	CHECK_EQ(tcp_write(s_accepted, s_stream + MSS, 2 * MSS, TCP_WRITE_FLAG_COPY), ERR_OK);
	(void)tcp_output(s_accepted);
	for (int i = 0; i < 100; i++)
		wire_pass_ms(100);
	CHECK_EQ(s_accepted->snd_nxt, s_peer.next + 1); /* it has been asked */
	tcp_ack_now(s_accepted);
	(void)tcp_output(s_accepted);
	lwip_net_flush();
	CHECK_EQ(s_peer.empty, s_peer.next);
	s_peer.is_closed = false;
	for (int i = 0; i < 4; i++) {
		say(ACK, PEER_NUMBER + 1);
		lwip_net_flush();
		wire_reclaim();
	}
	CHECK_EQ(s_peer.next, s_peer.first + 1 + 3 * MSS);
	CHECK(!memcmp(s_peer.bytes, s_stream, 3 * MSS));
	disconnect();
}

TEST(the_end_leaves_with_the_last_bytes)
{
	connect_peer(false);
	CHECK_EQ(tcp_write(s_accepted, s_stream, 2 * MSS + 700, TCP_WRITE_FLAG_COPY), ERR_OK);
	(void)tcp_shutdown(s_accepted, 0, 1);
	lwip_net_flush();
	say(ACK, PEER_NUMBER + 1);
	CHECK(s_peer.ended && s_peer.next == s_peer.first + 2 + 2 * MSS + 700);
	CHECK(!memcmp(s_peer.bytes, s_stream, 2 * MSS + 700));
	disconnect();
}

static void write_some(size_t from)
{
	CHECK_EQ(tcp_write(s_accepted, s_stream + from, 10, TCP_WRITE_FLAG_COPY), ERR_OK);
	(void)tcp_output(s_accepted);
}

TEST(the_device_is_told_of_held_frames_when_they_are_too_many_and_when_it_is_asked_for)
{
	enum { HELD = 3 };
	connect_peer(false);
	tcp_nagle_disable(s_accepted);
	unsigned kicks = wire_kicks;
	for (size_t i = 0; i < HELD; i++) {
		write_some(10 * i);
		CHECK(lwip_net_flush_most(HELD));
	}
	CHECK_EQ(wire_kicks, kicks);
	write_some(10 * HELD);
	CHECK(!lwip_net_flush_most(HELD));
	CHECK_EQ(wire_kicks, kicks + 1);
	write_some(10 * (HELD + 1));
	CHECK(lwip_net_flush_most(HELD));
	lwip_net_tell();
	CHECK_EQ(wire_kicks, kicks + 2);
	lwip_net_tell();
	CHECK(!lwip_net_flush_most(HELD));
	CHECK_EQ(wire_kicks, kicks + 2);
	say(ACK, PEER_NUMBER + 1);
	CHECK(!memcmp(s_peer.bytes, s_stream, 10 * (HELD + 2)));
	disconnect();
}

/* @p bytes of s_stream in pieces of at most @p part, each in another place. */
static err_t send_datagram(size_t bytes, size_t part)
{
	static uint8_t scattered[2 * DATAGRAM_MAX];
	ip_addr_t peer = IPADDR4_INIT_BYTES(10, 0, 0, 2);
	struct udp_pcb *pcb = udp_new();
	struct pbuf *datagram = pbuf_alloc(PBUF_TRANSPORT, 0, PBUF_RAM);
	for (size_t at = 0; at < bytes; at += part) {
		size_t here = part < bytes - at ? part : bytes - at;
		struct pbuf *piece = pbuf_alloc(PBUF_RAW, (u16_t)here, PBUF_REF);
		piece->payload = memcpy(scattered + 2 * at, s_stream + at, here);
		pbuf_cat(datagram, piece);
	}
	err_t error = udp_sendto(pcb, datagram, &peer, 9);
	pbuf_free(datagram);
	udp_remove(pcb);
	lwip_net_flush();
	return error;
}

static void pass_datagram(size_t bytes, size_t part)
{
	size_t blocks = wire_blocks;
	memset(&s_datagram, 0, sizeof s_datagram);
	CHECK_EQ(send_datagram(bytes, part), ERR_OK);
	CHECK_EQ(s_datagram.bytes, UDP_HEADER + bytes);
	CHECK(!memcmp(s_datagram.content + UDP_HEADER, s_stream, bytes));
	CHECK(wire_blocks == blocks || s_peer.is_slow);
	wire_reclaim();
	CHECK_EQ(wire_blocks, blocks);
}

static void start_knowing_the_peer(void)
{
	start();
	memset(&s_peer, 0, sizeof s_peer);
	tell_address();
}

static void let_card_cut(bool cuts)
{
	wire_device.offloads = cuts ? wire_device.offloads | NET_OFFLOAD_UFO : wire_device.offloads & ~NET_OFFLOAD_UFO;
}

TEST(a_datagram_longer_than_the_mtu_leaves_whole_where_the_card_cuts_it_and_in_fragments_where_not)
{
	start_knowing_the_peer();
	for (int cuts = 0; cuts < 2; cuts++) {
		let_card_cut(cuts);
		for (size_t bytes = FRAGMENT - UDP_HEADER - 1; bytes <= DATAGRAM_MAX; bytes = bytes < 2000 ? bytes + 1 + bytes % 512 : bytes + 9073) {
			bool is_long = bytes > FRAGMENT - UDP_HEADER;
			s_peer.is_slow = bytes % 2;
			pass_datagram(bytes, bytes);
			CHECK_EQ(s_datagram.whole, cuts && is_long);
			CHECK_EQ(s_datagram.frames, cuts ? 1 : (UDP_HEADER + bytes + FRAGMENT - 1) / FRAGMENT);
		}
		pass_datagram(DATAGRAM_MAX, DATAGRAM_MAX);
		CHECK_EQ(s_datagram.whole, cuts);
	}
	let_card_cut(false);
}

TEST(a_datagram_in_more_pieces_than_a_card_takes_leaves_in_fragments)
{
	start_knowing_the_peer();
	let_card_cut(true);
	for (int is_slow = 0; is_slow < 2; is_slow++) {
		s_peer.is_slow = is_slow;
		pass_datagram(60000, 1000);
		CHECK(!s_datagram.whole);
		pass_datagram(20000, 1000);
		CHECK_EQ(s_datagram.whole, 1);
	}
	let_card_cut(false);
}

TEST(a_full_card_takes_no_datagram_and_none_is_kept)
{
	start_knowing_the_peer();
	let_card_cut(true);
	size_t blocks = wire_blocks;
	s_peer.is_full = true;
	memset(&s_datagram, 0, sizeof s_datagram);
	(void)send_datagram(30000, 30000);
	CHECK_EQ(wire_blocks, blocks);
	s_peer.is_full = false;
	lwip_net_flush();
	CHECK(!s_datagram.frames);
	let_card_cut(false);
}
