/* SPDX-License-Identifier: Apache-2.0 */
#include "sockettest.h"

static int bound(struct sockaddr_in *address)
{
	socklen_t length = sizeof *address;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	*address = loopback(0);
	CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)address, sizeof *address));
	CHECK(!getsockname(fd, (struct sockaddr *)address, &length));
	return fd;
}

static void datagrams_keep_their_boundaries_and_name_their_sender()
{
	struct sockaddr_in here, there, from;
	socklen_t length = sizeof from;
	char buffer[16];
	int a = bound(&here), b = bound(&there);
	CHECK(sendto(a, "one", 3, 0, (struct sockaddr *)&there, sizeof there) == 3);
	CHECK(sendto(a, "", 0, 0, (struct sockaddr *)&there, sizeof there) == 0);
	CHECK(sendto(a, "three", 5, 0, (struct sockaddr *)&there, sizeof there) == 5);
	CHECK(recvfrom(b, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length) == 3);
	CHECK(from.sin_port == here.sin_port && from.sin_addr.s_addr == here.sin_addr.s_addr);
	CHECK(recv(b, buffer, sizeof buffer, 0) == 0);
	CHECK(recv(b, buffer, sizeof buffer, MSG_PEEK) == 5);
	CHECK(recv(b, buffer, 2, MSG_TRUNC) == 5); /* the rest is lost */
	CHECK_FAILS(recv(b, buffer, 2, MSG_DONTWAIT), EAGAIN);
	close(a);
	close(b);
}

static void a_connected_socket_knows_whom_to_send_to()
{
	struct sockaddr_in here, there;
	char buffer[16];
	int a = bound(&here), b = bound(&there);
	CHECK_FAILS(send(a, "x", 1, 0), EDESTADDRREQ);
	CHECK(!connect(a, (struct sockaddr *)&there, sizeof there));
	CHECK(send(a, "hello", 5, 0) == 5);
	CHECK(poll_now(b, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
	CHECK(recv(b, buffer, sizeof buffer, 0) == 5);
	close(a);
	close(b);
}

static void a_datagram_of_the_greatest_length_passes_and_a_longer_one_does_not()
{
	enum { MOST = 65507 };
	struct sockaddr_in here;
	static char data[MOST + 1], copy[MOST + 1];
	int fd = bound(&here);
	for (size_t i = 0; i < MOST; i++)
		data[i] = (char)(i * 31);
	CHECK(sendto(fd, data, MOST, 0, (struct sockaddr *)&here, sizeof here) == MOST);
	CHECK(recv(fd, copy, sizeof copy, 0) == MOST && !memcmp(data, copy, MOST));
	CHECK_FAILS(sendto(fd, data, MOST + 1, 0, (struct sockaddr *)&here, sizeof here), EMSGSIZE);
	close(fd);
}

static void a_small_buffer_takes_few_datagrams()
{
	enum { BYTES = 1000, MANY = 200, FEW = 70, SOME = 10 };
	const option_t small = { SOL_SOCKET, SO_RCVBUF, 0, 32768 };
	struct sockaddr_in here;
	char data[BYTES] = {};
	int taken = 0, fd = bound(&here);
	set_option(fd, &small);
	CHECK(option_of(fd, SOL_SOCKET, SO_RCVBUF) >= small.set);
	for (int i = 0; i < MANY; i++) {
		data[0] = (char)i;
		CHECK(sendto(fd, data, sizeof data, 0, (struct sockaddr *)&here, sizeof here) == BYTES);
	}
	for (; recv(fd, data, sizeof data, taken < SOME ? 0 : MSG_DONTWAIT) == BYTES; taken++)
		CHECK(data[0] == (char)taken); /* the first ones */
	CHECK(errno == EAGAIN && taken <= FEW);
	close(fd);
}

static void marks_and_permissions_are_what_they_were_set_to()
{
	static const option_t options[] = {
		{ SOL_SOCKET, SO_BROADCAST, 0, 1 },    { IPPROTO_IP, IP_TTL, 64, 17 },	       { IPPROTO_IP, IP_TOS, 0, 0x10 },
		{ IPPROTO_IP, IP_MULTICAST_TTL, 1, 9 }, { IPPROTO_IP, IP_MULTICAST_LOOP, 1, 0 },
	};
	struct sockaddr_in here;
	int fd = bound(&here), many = 256, usual = -1;
	check_options(fd, options, sizeof options / sizeof options[0]);
	CHECK_FAILS(setsockopt(fd, IPPROTO_IP, IP_TTL, &many, sizeof many), EINVAL);
	CHECK(!setsockopt(fd, IPPROTO_IP, IP_TTL, &usual, sizeof usual) && option_of(fd, IPPROTO_IP, IP_TTL) == 64);
	CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &many, sizeof many), ENOPROTOOPT);
	close(fd);
}

static void a_port_is_shared_by_those_who_say_so()
{
	struct sockaddr_in here;
	const option_t share = { SOL_SOCKET, SO_REUSEPORT, 0, 1 };
	int first = socket(AF_INET, SOCK_DGRAM, 0), second = socket(AF_INET, SOCK_DGRAM, 0), third = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t length = sizeof here;
	here = loopback(0);
	set_option(first, &share);
	set_option(second, &share);
	CHECK(!bind(first, (struct sockaddr *)&here, sizeof here) && !getsockname(first, (struct sockaddr *)&here, &length));
	CHECK(!bind(second, (struct sockaddr *)&here, sizeof here));
	CHECK_FAILS(bind(third, (struct sockaddr *)&here, sizeof here), EADDRINUSE);
	close(first);
	close(second);
	close(third);
}

void udp_checks(void)
{
	HOLDS(marks_and_permissions_are_what_they_were_set_to);
	HOLDS(a_port_is_shared_by_those_who_say_so);
	HOLDS(datagrams_keep_their_boundaries_and_name_their_sender);
	HOLDS(a_connected_socket_knows_whom_to_send_to);
	HOLDS(a_small_buffer_takes_few_datagrams);
	HOLDS(a_datagram_of_the_greatest_length_passes_and_a_longer_one_does_not);
}
