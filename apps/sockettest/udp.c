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

void udp_checks(void)
{
	HOLDS(datagrams_keep_their_boundaries_and_name_their_sender);
	HOLDS(a_connected_socket_knows_whom_to_send_to);
	HOLDS(a_datagram_of_the_greatest_length_passes_and_a_longer_one_does_not);
}
