/* SPDX-License-Identifier: Apache-2.0 */
/* The stack at 10.0.0.1/24, gateway 10.0.0.254, on a wire with a peer at 10.0.0.2. */
#include <axtest.h>
#include "wire.h"

#define IP4(a, b, c, d) ((udp_net_ip_t)(a) | (udp_net_ip_t)(b) << 8 | (udp_net_ip_t)(c) << 16 | (udp_net_ip_t)(d) << 24)
#define HERE IP4(10, 0, 0, 1)
#define PEER IP4(10, 0, 0, 2)
#define SECOND UINT64_C(1000000000)

enum { IP = 14, L4 = 34, PAYLOAD = 42, MORE = 0x2000, ICMP = 1, TCP = 6, UDP = 17 };

static udp_net_t s_net;
static struct end {
	udp_net_socket_t socket;
	udp_net_datagram_t *first, *last;
	size_t count;
} s_end, s_other;

static void deliver(udp_net_socket_t *socket, udp_net_datagram_t *datagram)
{
	struct end *end = (struct end *)socket;
	datagram->next = NULL;
	if (end->last)
		end->last->next = datagram;
	else
		end->first = datagram;
	end->last = datagram;
	end->count++;
}

static udp_net_datagram_t *take(struct end *end)
{
	udp_net_datagram_t *datagram = end->first;
	if (datagram) {
		end->first = datagram->next;
		if (!end->first)
			end->last = NULL;
	}
	return datagram;
}

static size_t read_and_release(struct end *end, void *buffer)
{
	udp_net_datagram_t *datagram = take(end);
	CHECK(datagram);
	size_t bytes = 0, here;
	const void *part = NULL;
	while ((part = udp_net_datagram_part(datagram, part, &here))) {
		memcpy((char *)buffer + bytes, part, here);
		bytes += here;
	}
	CHECK_EQ(bytes, datagram->bytes);
	udp_net_release(&s_net, datagram);
	return bytes;
}

static void begin(uint32_t offloads)
{
	wire_init(offloads);
	udp_net_init(&s_net, &wire.device, HERE, IP4(255, 255, 255, 0), IP4(10, 0, 0, 254));
	s_end = s_other = (struct end){ .socket.deliver = deliver };
	CHECK_EQ(udp_net_bind(&s_net, &s_end.socket, 0, 7, false), AX_OK);
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static void put_sum(uint8_t *field, uint64_t sum)
{
	uint16_t folded = (uint16_t)~net_checksum_fold(sum);
	memcpy(field, &folded, sizeof folded);
}

/* Ethernet and IP around @p payload, to the stack. @return the frame's length */
static size_t make_ip(uint8_t *frame, uint8_t protocol, udp_net_ip_t from, udp_net_ip_t to, unsigned fragment, const void *payload,
		      size_t bytes)
{
	memcpy(frame, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0", 14);
	memset(frame + IP, 0, 20);
	frame[IP] = 0x45;
	put16(frame + IP + 2, (unsigned)bytes + 20);
	put16(frame + IP + 4, 77);
	put16(frame + IP + 6, fragment);
	frame[IP + 8] = 64;
	frame[IP + 9] = protocol;
	memcpy(frame + IP + 12, &from, 4);
	memcpy(frame + IP + 16, &to, 4);
	put_sum(frame + IP + 10, net_checksum_add(0, frame + IP, 20));
	memcpy(frame + L4, payload, bytes);
	return L4 + bytes;
}

/* UDP header and payload. @return their length */
static size_t make_udp(uint8_t *to, unsigned from_port, unsigned to_port, const void *payload, size_t bytes, udp_net_ip_t from,
		       udp_net_ip_t destination)
{
	put16(to, from_port);
	put16(to + 2, to_port);
	put16(to + 4, (unsigned)bytes + 8);
	put16(to + 6, 0);
	memcpy(to + 8, payload, bytes);
	uint16_t length = (uint16_t)(to[4] | to[5] << 8);
	put_sum(to + 6, net_checksum_add((uint64_t)from + destination + (UDP << 8) + length, to, bytes + 8));
	return bytes + 8;
}

static void arrive(const uint8_t *frame, size_t bytes, size_t split)
{
	wire_arrive(frame, bytes, split, 0);
	CHECK_EQ(udp_net_poll(&s_net, 1), 1);
}

static size_t udp_frame(uint8_t *frame, unsigned from_port, unsigned to_port, const void *payload, size_t bytes)
{
	static uint8_t datagram[70000];
	return make_ip(frame, UDP, PEER, HERE, 0, datagram, make_udp(datagram, from_port, to_port, payload, bytes, PEER, HERE));
}

static void arrive_udp(unsigned from_port, unsigned to_port, const void *payload, size_t bytes)
{
	uint8_t frame[2000];
	size_t length = udp_frame(frame, from_port, to_port, payload, bytes);
	arrive(frame, length, 0);
}

static void make_arp(uint8_t frame[42], unsigned operation, udp_net_ip_t sender, udp_net_ip_t target)
{
	memcpy(frame, "\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x02\x08\x06\0\x01\x08\0\x06\x04", 20);
	put16(frame + 20, operation);
	memcpy(frame + 22, "\x02\0\0\0\0\x02", 6);
	memcpy(frame + 28, &sender, 4);
	memset(frame + 32, 0, 6);
	memcpy(frame + 38, &target, 4);
}

static void arrive_arp(unsigned operation, udp_net_ip_t sender, udp_net_ip_t target)
{
	uint8_t frame[42];
	make_arp(frame, operation, sender, target);
	arrive(frame, sizeof frame, 0);
}

static const uint8_t *last_sent(void)
{
	return wire.sent[(wire.sent_count - 1) % WIRE_SENT_MAX];
}

static ax_err_t send_bytes(const void *data, size_t bytes, udp_net_ip_t ip, unsigned port)
{
	udp_net_packet_t *packet = udp_net_packet_new(&s_net, bytes);
	CHECK(packet);
	memcpy(udp_net_packet_payload(packet), data, bytes);
	ax_err_t error = udp_net_send(&s_net, &s_end.socket, packet, ip, (uint16_t)port);
	udp_net_flush(&s_net);
	return error;
}

/* Time passes, and what nobody answers is given up. */
static void end(void)
{
	for (int i = 0; i < 40; i++) {
		wire.now_ns += SECOND;
		udp_net_poll(&s_net, 1);
	}
	for (udp_net_datagram_t *datagram; (datagram = take(&s_end)) || (datagram = take(&s_other));)
		udp_net_release(&s_net, datagram);
	CHECK_EQ(udp_net_deadline_ns(&s_net), UINT64_MAX);
	CHECK_EQ(wire.lent, 0);
	CHECK_EQ(s_net.lent, 0);
	CHECK_EQ(wire.blocks, 0);
}

TEST(a_datagram_is_the_frame_that_it_came_in)
{
	begin(0);
	arrive_udp(5000, 7, "hello", 5);
	CHECK_EQ(wire.blocks, 0);
	CHECK_EQ(wire.lent, 1);
	udp_net_datagram_t *datagram = take(&s_end);
	CHECK(datagram && datagram->from == PEER && datagram->to == HERE);
	CHECK_EQ(datagram->from_port, 5000);
	CHECK_EQ(datagram->bytes, 5);
	size_t bytes;
	CHECK(!memcmp(udp_net_datagram_part(datagram, NULL, &bytes), "hello", 5) && bytes == 5);
	udp_net_release(&s_net, datagram);
	end();
}

TEST(a_datagram_in_pieces_is_shown_piece_by_piece_wherever_it_was_cut)
{
	uint8_t frame[200], back[100];
	char text[99];
	memset(text, 'x', sizeof text);
	memcpy(text, "begin", 5);
	for (size_t split = PAYLOAD; split < PAYLOAD + sizeof text; split++) {
		begin(0);
		size_t length = udp_frame(frame, 5000, 7, text, sizeof text);
		arrive(frame, length, split);
		CHECK_EQ(read_and_release(&s_end, back), sizeof text);
		CHECK(!memcmp(back, text, sizeof text));
		end();
	}
}

TEST(what_ethernet_pads_is_not_part_of_a_datagram)
{
	uint8_t frame[64] = {}, back[64];
	begin(0);
	udp_frame(frame, 5000, 7, "ab", 2);
	arrive(frame, 60, 0);
	CHECK_EQ(read_and_release(&s_end, back), 2);
	end();
}

TEST(whatever_byte_is_wrong_a_datagram_is_dropped)
{
	uint8_t frame[64];
	for (size_t at = 0; at < PAYLOAD + 5; at++) {
		begin(0);
		size_t length = udp_frame(frame, 5000, 7, "hello", 5);
		frame[at] ^= 0x11;
		arrive(frame, length, 0);
		bool is_peers_mac = at >= 6 && at < 12; /* which nobody looks at */
		CHECK_EQ(s_end.count, is_peers_mac ? 1 : 0);
		end();
	}
}

TEST(whatever_is_cut_short_is_dropped)
{
	uint8_t frame[64];
	for (size_t length = 1; length < PAYLOAD + 5; length++) {
		begin(0);
		udp_frame(frame, 5000, 7, "hello", 5);
		arrive(frame, length, 0);
		CHECK_EQ(s_end.count, 0);
		CHECK(s_net.dropped == 1);
		end();
	}
}

TEST(a_checksum_that_the_device_has_seen_is_not_looked_at)
{
	uint8_t frame[64], back[8];
	begin(NET_OFFLOAD_RX_CHECKSUM);
	size_t length = udp_frame(frame, 5000, 7, "hello", 5);
	frame[L4 + 6] ^= 1;
	wire_arrive(frame, length, 0, NET_BUFFER_CHECKED);
	udp_net_poll(&s_net, 1);
	CHECK_EQ(read_and_release(&s_end, back), 5);
	end();
}

TEST(a_neighbour_is_asked_for_once_and_then_gets_what_waited_in_order)
{
	begin(0);
	CHECK_EQ(send_bytes("one", 3, PEER, 9), AX_OK);
	CHECK_EQ(send_bytes("two", 3, PEER, 9), AX_OK);
	CHECK_EQ(wire.sent_count, 1);
	CHECK_EQ(get16(wire.sent[0] + 12), 0x0806);
	CHECK(!memcmp(wire.sent[0] + 38, &(udp_net_ip_t){ PEER }, 4));
	arrive_arp(2, PEER, HERE);
	CHECK_EQ(wire.sent_count, 3);
	CHECK(!memcmp(wire.sent[1], "\x02\0\0\0\0\x02", 6) && !memcmp(wire.sent[1] + PAYLOAD, "one", 3));
	CHECK(!memcmp(wire.sent[2] + PAYLOAD, "two", 3));
	CHECK_EQ(udp_net_deadline_ns(&s_net), UINT64_MAX);
	end();
}

TEST(who_never_answers_is_asked_four_times_and_what_waited_is_dropped)
{
	begin(0);
	for (int i = 0; i < 40; i++)
		CHECK_EQ(send_bytes("x", 1, PEER, 9), AX_OK);
	CHECK_EQ(wire.blocks, UDP_NET_NEIGHBOUR_QUEUE);
	end();
	CHECK_EQ(wire.sent_count, 4);
}

TEST(a_known_neighbour_is_asked_again_after_a_minute_while_it_is_used_and_forgotten_if_it_is_gone)
{
	begin(0);
	arrive_arp(1, PEER, HERE);
	CHECK_EQ(wire.sent_count, 1); /* our answer */
	wire.now_ns += 61 * SECOND;
	CHECK_EQ(send_bytes("x", 1, PEER, 9), AX_OK);
	CHECK_EQ(wire.sent_count, 3); /* the question, and the datagram all the same */
	end();
	size_t sent = wire.sent_count;
	CHECK_EQ(send_bytes("x", 1, PEER, 9), AX_OK);
	CHECK_EQ(wire.sent_count, sent + 1); /* only a question */
	end();
}

TEST(strangers_answers_do_not_fill_the_table)
{
	begin(0);
	for (unsigned i = 0; i < 1000; i++)
		arrive_arp(2, IP4(10, 0, 0, 3 + i % 200), HERE);
	for (size_t i = 0; i < UDP_NET_NEIGHBOURS; i++)
		CHECK_EQ(s_net.neighbours[i].state, NEIGHBOUR_FREE);
	end();
}

TEST(more_neighbours_than_there_is_room_for_displace_the_oldest)
{
	begin(0);
	for (unsigned i = 0; i < 3 * UDP_NET_NEIGHBOURS; i++) {
		wire.now_ns++;
		CHECK_EQ(send_bytes("x", 1, IP4(10, 0, 0, 3 + i), 9), AX_OK);
	}
	CHECK_EQ(wire.blocks, UDP_NET_NEIGHBOURS);
	end();
}

TEST(a_datagram_to_another_network_goes_to_the_gateway_or_without_one_nowhere)
{
	begin(0);
	CHECK_EQ(send_bytes("x", 1, IP4(8, 8, 8, 8), 9), AX_OK);
	CHECK(!memcmp(wire.sent[0] + 38, &s_net.gateway, 4));
	s_net.gateway = 0;
	CHECK_EQ(send_bytes("x", 1, IP4(8, 8, 8, 8), 9), AX_ERR_NETWORK_UNREACHABLE);
	end();
}

static void check_sent_sums(const uint8_t *frame)
{
	udp_net_ip_t from, to;
	memcpy(&from, frame + IP + 12, 4);
	memcpy(&to, frame + IP + 16, 4);
	uint16_t length = (uint16_t)(frame[L4 + 4] | frame[L4 + 5] << 8);
	size_t bytes = get16(frame + L4 + 4);
	CHECK_EQ(net_checksum_fold(net_checksum_add(0, frame + IP, 20)), UINT16_MAX);
	CHECK_EQ(net_checksum_fold(net_checksum_add((uint64_t)from + to + (UDP << 8) + length, frame + L4, bytes)), UINT16_MAX);
}

TEST(what_is_sent_bears_good_checksums_whoever_sums)
{
	for (int offload = 0; offload < 2; offload++) {
		for (size_t bytes = 0; bytes < 40; bytes++) {
			begin(offload ? NET_OFFLOAD_TX_CHECKSUM : 0);
			arrive_arp(1, PEER, HERE);
			CHECK_EQ(send_bytes("0123456789012345678901234567890123456789", bytes, PEER, 9), AX_OK);
			check_sent_sums(last_sent());
			end();
		}
	}
}

TEST(a_long_datagram_leaves_in_fragments_and_such_ones_arrive)
{
	static uint8_t payload[UDP_NET_PAYLOAD_MAX], back[UDP_NET_PAYLOAD_MAX], frame[1600];
	for (size_t i = 0; i < sizeof payload; i++)
		payload[i] = (uint8_t)(i * 7 + i / 251);
	for (size_t bytes = 1472; bytes <= sizeof payload; bytes += bytes < 1482 ? 1 : 12805) {
		begin(NET_OFFLOAD_TX_CHECKSUM);
		wire.is_slow = true;
		arrive_arp(1, PEER, HERE);
		wire.sent_count = 0;
		CHECK_EQ(send_bytes(payload, bytes, PEER, 7), AX_OK);
		CHECK_EQ(wire.sent_count, (bytes + 8 + 1479) / 1480);
		/* They come back, the last first, as if the peer had sent them: the sum of both addresses is the same. */
		for (size_t i = wire.sent_count; i--;) {
			size_t carried = wire.sent_bytes[i] - L4;
			size_t length = make_ip(frame, UDP, PEER, HERE, get16(wire.sent[i] + IP + 6), wire.sent[i] + L4, carried);
			wire_arrive(frame, length, 0, 0);
			CHECK_EQ(udp_net_poll(&s_net, 1), 1);
		}
		CHECK_EQ(read_and_release(&s_end, back), bytes);
		CHECK(!memcmp(back, payload, bytes));
		end();
	}
}

static void arrive_fragment(size_t at, size_t bytes, bool more)
{
	static const uint8_t payload[64] = { 1, 2, 0, 7, 0, 64 };
	uint8_t frame[128];
	size_t length = make_ip(frame, UDP, PEER, HERE, (unsigned)(at / 8) | (more ? MORE : 0), payload + at, bytes);
	arrive(frame, length, 0);
}

TEST(fragments_in_any_order_make_a_datagram)
{
	uint8_t back[64];
	begin(0);
	arrive_fragment(48, 16, false);
	arrive_fragment(0, 24, true);
	CHECK_EQ(s_end.count, 0);
	arrive_fragment(24, 24, true);
	CHECK_EQ(read_and_release(&s_end, back), 56);
	end();
}

TEST(fragments_that_overlap_or_disagree_end_the_datagram)
{
	static const struct {
		size_t at, bytes;
		bool more;
	} bad[] = { { 16, 16, true }, { 0, 24, true }, { 8, 8, false }, { 16, 8, false } };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		begin(0);
		arrive_fragment(0, 24, true);
		arrive_fragment(bad[i].at, bad[i].bytes, bad[i].more);
		CHECK_EQ(s_end.count, 0);
		CHECK_EQ(wire.blocks, 0);
		end();
	}
	begin(0);
	arrive_fragment(48, 8, false);
	arrive_fragment(48, 16, true); /* beyond the end */
	CHECK_EQ(wire.blocks, 0);
	end();
}

TEST(a_flood_of_first_fragments_takes_the_memory_of_four_and_for_half_a_minute)
{
	uint8_t frame[128], back[64];
	begin(0);
	for (unsigned i = 0; i < 100; i++) {
		wire.now_ns++;
		size_t length = make_ip(frame, UDP, IP4(10, 0, 0, 3 + i), HERE, MORE, "12345678", 8);
		arrive(frame, length, 0);
	}
	CHECK_EQ(wire.blocks, UDP_NET_FRAGMENTED_MAX);
	CHECK(udp_net_deadline_ns(&s_net) <= wire.now_ns + SECOND);
	arrive_fragment(0, 24, true);
	arrive_fragment(24, 40, false);
	CHECK_EQ(read_and_release(&s_end, back), 56);
	end();
}

TEST(an_echo_is_answered_but_not_one_to_all)
{
	uint8_t frame[128], echo[13] = { 8, 0, 0, 0, 1, 2, 3, 4, 'p', 'i', 'n', 'g', '!' };
	put_sum(echo + 2, net_checksum_add(0, echo, sizeof echo));
	begin(0);
	arrive_arp(1, PEER, HERE);
	size_t length = make_ip(frame, ICMP, PEER, HERE, 0, echo, sizeof echo);
	arrive(frame, length, L4 + 9);
	const uint8_t *answer = last_sent();
	CHECK_EQ(wire.sent_count, 2);
	CHECK_EQ(answer[L4], 0);
	CHECK(!memcmp(answer + L4 + 4, echo + 4, sizeof echo - 4));
	CHECK_EQ(net_checksum_fold(net_checksum_add(0, answer + L4, sizeof echo)), UINT16_MAX);
	length = make_ip(frame, ICMP, PEER, IP4(10, 0, 0, 255), 0, echo, sizeof echo);
	arrive(frame, length, 0);
	CHECK_EQ(wire.sent_count, 2);
	end();
}

TEST(who_sends_to_a_port_or_protocol_that_nobody_serves_is_told_but_not_too_often)
{
	uint8_t frame[128];
	begin(0);
	arrive_arp(1, PEER, HERE);
	for (int i = 0; i < 100; i++)
		arrive_udp(5000, 8, "x", 1);
	CHECK_EQ(wire.sent_count, 2);
	CHECK_EQ(last_sent()[IP + 9], ICMP);
	CHECK_EQ(last_sent()[L4], 3);
	CHECK_EQ(last_sent()[L4 + 1], 3);
	CHECK_EQ(get16(last_sent() + L4 + 8 + 20 + 2), 8); /* of the datagram that is quoted, the port */
	wire.now_ns += SECOND;
	size_t length = make_ip(frame, TCP, PEER, HERE, 0, "\x13\x88\0\x07syn?", 8);
	arrive(frame, length, 0);
	CHECK_EQ(wire.sent_count, 3);
	CHECK_EQ(last_sent()[L4 + 1], 2);
	end();
}

TEST(a_port_is_one_socket_s_unless_all_of_them_share)
{
	begin(0);
	CHECK_EQ(udp_net_bind(&s_net, &s_other.socket, 0, 7, true), AX_ERR_ADDRESS_IN_USE);
	CHECK_EQ(udp_net_bind(&s_net, &s_other.socket, IP4(9, 9, 9, 9), 8, true), AX_ERR_ADDRESS_NOT_AVAILABLE);
	CHECK_EQ(udp_net_bind(&s_net, &s_other.socket, HERE, 7, true), AX_ERR_ADDRESS_IN_USE);
	CHECK_EQ(udp_net_bind(&s_net, &s_other.socket, HERE, 0, false), AX_OK);
	CHECK(s_other.socket.local_port >= 49152);
	CHECK_EQ(udp_net_bind(&s_net, &s_other.socket, HERE, 8, false), AX_ERR_INVALID_INPUT);
	udp_net_unbind(&s_net, &s_end.socket);
	udp_net_unbind(&s_net, &s_other.socket);
	CHECK_EQ(udp_net_bind(&s_net, &s_end.socket, 0, 7, true), AX_OK);
	CHECK_EQ(udp_net_bind(&s_net, &s_other.socket, 0, 7, true), AX_OK);
}

TEST(when_all_ports_are_taken_there_is_no_free_one)
{
	static udp_net_socket_t sockets[16385];
	begin(0);
	for (size_t i = 0; i < 16384; i++)
		CHECK_EQ(udp_net_bind(&s_net, &sockets[i], 0, (uint16_t)(49152 + i), false), AX_OK);
	CHECK_EQ(udp_net_bind(&s_net, &sockets[16384], 0, 0, false), AX_ERR_ADDRESS_IN_USE);
}

TEST(a_connected_socket_receives_from_its_peer_alone)
{
	uint8_t back[8];
	begin(0);
	udp_net_unbind(&s_net, &s_end.socket);
	CHECK_EQ(udp_net_bind(&s_net, &s_end.socket, 0, 7, true), AX_OK);
	CHECK_EQ(udp_net_bind(&s_net, &s_other.socket, 0, 7, true), AX_OK);
	CHECK_EQ(udp_net_connect(&s_net, &s_end.socket, PEER, 5000), AX_OK);
	arrive_udp(5000, 7, "mine", 4);
	arrive_udp(5001, 7, "other", 5);
	CHECK_EQ(read_and_release(&s_end, back), 4);
	CHECK_EQ(read_and_release(&s_other, back), 5);
	end();
}

TEST(what_goes_to_this_machine_itself_arrives_with_any_length)
{
	static uint8_t payload[UDP_NET_PAYLOAD_MAX], back[UDP_NET_PAYLOAD_MAX];
	const udp_net_ip_t targets[] = { IP4(127, 0, 0, 1), HERE, 0 };
	memset(payload, 'y', sizeof payload);
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		begin(0);
		CHECK_EQ(send_bytes(payload, sizeof payload, targets[i], 7), AX_OK);
		CHECK_EQ(read_and_release(&s_end, back), sizeof payload);
		CHECK(!memcmp(back, payload, sizeof payload));
		CHECK_EQ(wire.sent_count, 0);
		end();
	}
}

TEST(without_a_device_there_is_this_machine_alone)
{
	uint8_t back[8];
	begin(0);
	udp_net_init(&s_net, NULL, 0, 0, 0);
	s_end = (struct end){ .socket.deliver = deliver };
	CHECK_EQ(udp_net_bind(&s_net, &s_end.socket, 0, 7, false), AX_OK);
	CHECK_EQ(send_bytes("hello", 5, IP4(127, 0, 0, 1), 7), AX_OK);
	CHECK_EQ(read_and_release(&s_end, back), 5);
	CHECK_EQ(send_bytes("hello", 5, PEER, 7), AX_ERR_NETWORK_UNREACHABLE);
	CHECK_EQ(send_bytes("hello", 5, UINT32_MAX, 7), AX_ERR_ACCESS_DENIED);
	CHECK_EQ(udp_net_poll(&s_net, 1), 0);
	end();
}

TEST(a_broadcast_is_for_who_may)
{
	begin(0);
	CHECK_EQ(send_bytes("x", 1, IP4(10, 0, 0, 255), 9), AX_ERR_ACCESS_DENIED);
	s_end.socket.may_broadcast = true;
	CHECK_EQ(send_bytes("x", 1, IP4(10, 0, 0, 255), 9), AX_OK);
	CHECK_EQ(send_bytes("x", 1, UINT32_MAX, 9), AX_OK);
	CHECK_EQ(wire.sent_count, 2);
	CHECK(!memcmp(last_sent(), "\xff\xff\xff\xff\xff\xff", 6));
	end();
}

TEST(a_full_device_costs_the_datagram_and_no_memory)
{
	begin(0);
	arrive_arp(1, PEER, HERE);
	wire.is_full = true;
	CHECK_EQ(send_bytes("x", 1, PEER, 9), AX_ERR_NO_BUFFERS);
	end();
}

TEST(who_reads_slowly_takes_memory_and_not_the_device_s_buffers)
{
	uint8_t back[8];
	begin(0);
	for (int i = 0; i < 100; i++)
		arrive_udp(5000, 7, "hello", 5);
	CHECK(wire.lent <= WIRE_BUFFERS * 3 / 4);
	CHECK_EQ(wire.blocks + wire.lent, 100);
	for (int i = 0; i < 100; i++)
		CHECK_EQ(read_and_release(&s_end, back), 5);
	end();
}

TEST(without_memory_datagrams_are_lost_and_the_next_good_one_is_not)
{
	uint8_t back[8];
	begin(0);
	wire.is_out_of_memory = true;
	CHECK(!udp_net_packet_new(&s_net, 1));
	for (int i = 0; i < 20; i++)
		arrive_udp(5000, 7, "hello", 5);
	arrive_fragment(0, 24, true);
	wire.is_out_of_memory = false;
	while (s_end.first)
		read_and_release(&s_end, back);
	arrive_udp(5000, 7, "hello", 5);
	CHECK_EQ(read_and_release(&s_end, back), 5);
	end();
}
