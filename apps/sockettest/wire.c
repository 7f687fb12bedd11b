/* SPDX-License-Identifier: Apache-2.0 */
/* Groups, the marks of packets, IPv6: with a peer beyond the wire, tests/beyond.py. */
#include "sockettest.h"

#include <arpa/inet.h>

#define GROUP "239.7.8.9"

enum { HOPS = 33, SERVICE = 0x10, GROUP_HOPS = 7 };

/* The peer begins with a line once all that it has answers: its port for datagrams, and address and port for IPv6, or "- 0". */
void wire_connect(wire_t *wire, char *server)
{
	char v6[64], *colon = strchr(server, ':');
	unsigned hears, v6_port;
	CHECK(colon);
	*colon = '\0';
	struct sockaddr_in address = loopback(atoi(colon + 1));
	CHECK(inet_pton(AF_INET, server, &address.sin_addr) == 1);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof address) && (wire->peer = fdopen(fd, "r+")));
	CHECK(fscanf(wire->peer, "%u %63s %u", &hears, v6, &v6_port) == 3);
	wire->hears = address;
	wire->hears.sin_port = htons((uint16_t)hears);
	wire->v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)v6_port) };
	CHECK(!v6_port || inet_pton(AF_INET6, v6, &wire->v6.sin6_addr) == 1);
}

static wire_t *s_wire;

static void tell(const char *what, int port)
{
	CHECK(fseek(s_wire->peer, 0, SEEK_CUR) == -1); /* from reading to writing, of a stream without positions */
	CHECK(fprintf(s_wire->peer, "%s %d\n", what, port) > 0 && !fflush(s_wire->peer));
}

static void expect_datagram(int fd, const char *text)
{
	char buffer[32] = "";
	CHECK(recv(fd, buffer, sizeof buffer - 1, 0) > 0 && !strcmp(buffer, text));
}

static void a_group_is_heard_as_long_as_one_is_in_it()
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	struct ip_mreq group = { .imr_multiaddr.s_addr = inet_addr(GROUP) }, none = { .imr_multiaddr.s_addr = inet_addr("10.0.0.1") };
	socklen_t length = sizeof any;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)&any, sizeof any) && !getsockname(fd, (struct sockaddr *)&any, &length));
	CHECK_FAILS(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &none, sizeof none), EINVAL);
	CHECK(!setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
	CHECK_FAILS(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), EADDRINUSE);
	tell("joined", ntohs(any.sin_port)); /* the peer sends to the group */
	expect_datagram(fd, "to the group");
	CHECK(!setsockopt(fd, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group));
	CHECK_FAILS(setsockopt(fd, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group), EADDRNOTAVAIL);
	tell("left", ntohs(any.sin_port));   /* it sends to the group, then to us */
	expect_datagram(fd, "to one");
	close(fd);
}

static void groups_of_ipv6_are_joined_and_left()
{
	struct ipv6_mreq group = {};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	CHECK(fd >= 0 && inet_pton(AF_INET6, "ff15::789", &group.ipv6mr_multiaddr) == 1);
	CHECK(!setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group));
	CHECK_FAILS(setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group), EADDRINUSE);
	CHECK(!setsockopt(fd, IPPROTO_IPV6, IPV6_LEAVE_GROUP, &group, sizeof group));
	CHECK(!setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group)); /* left by closing */
	close(fd);
}

/* The peer looks at what the packets say, and answers what it saw. */
static void packets_bear_the_marks_that_their_socket_was_given()
{
	struct sockaddr_in group = s_wire->hears;
	char answer[64];
	int hops = HOPS, service = SERVICE, fd = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned char group_hops = GROUP_HOPS;
	group.sin_addr.s_addr = inet_addr(GROUP);
	CHECK(fd >= 0 && !setsockopt(fd, IPPROTO_IP, IP_TTL, &hops, sizeof hops));
	CHECK(!setsockopt(fd, IPPROTO_IP, IP_TOS, &service, sizeof service));
	CHECK(!setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &group_hops, sizeof group_hops));
	CHECK(sendto(fd, "to one", 6, 0, (struct sockaddr *)&s_wire->hears, sizeof group) == 6);
	CHECK(sendto(fd, "to the group", 12, 0, (struct sockaddr *)&group, sizeof group) == 12);
	CHECK(fscanf(s_wire->peer, " %63[^\n]", answer) == 1);
	CHECK(!strcmp(answer, "to one: 33 16, to the group: 7 16"));
	close(fd);
}

static void who_speaks_to_all_has_asked_for_it()
{
	struct sockaddr_in all = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = INADDR_BROADCAST };
	int on = 1, fd = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK_FAILS(sendto(fd, "x", 1, 0, (struct sockaddr *)&all, sizeof all), EACCES);
	CHECK(!setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on));
	CHECK(sendto(fd, "x", 1, 0, (struct sockaddr *)&all, sizeof all) == 1);
	close(fd);
}

static void a_neighbour_is_reached_by_ipv6()
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback }, other;
	char buffer[8];
	socklen_t length = sizeof address;
	int fd = socket(AF_INET6, SOCK_STREAM, 0), peer = socket(AF_INET6, SOCK_STREAM, 0);
	CHECK(fd >= 0 && peer >= 0);
	if (s_wire->v6.sin6_port) {
		CHECK(!connect(fd, (struct sockaddr *)&s_wire->v6, sizeof s_wire->v6));
		CHECK(write(fd, "sixsix", 6) == 6 && recv(fd, buffer, 6, MSG_WAITALL) == 6 && !memcmp(buffer, "sixsix", 6));
	}
	CHECK(!bind(peer, (struct sockaddr *)&address, sizeof address) && !listen(peer, 1));
	CHECK(!getsockname(peer, (struct sockaddr *)&other, &length) && IN6_IS_ADDR_LOOPBACK(&other.sin6_addr));
	close(fd);
	close(peer);
}

void group_checks(wire_t *wire)
{
	s_wire = wire;
	HOLDS(a_group_is_heard_as_long_as_one_is_in_it);
	HOLDS(groups_of_ipv6_are_joined_and_left);
	HOLDS(packets_bear_the_marks_that_their_socket_was_given);
	HOLDS(who_speaks_to_all_has_asked_for_it);
	HOLDS(a_neighbour_is_reached_by_ipv6);
}
