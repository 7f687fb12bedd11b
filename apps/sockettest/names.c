/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and addresses. The first checks need no network. Those of a name server want one at AX_DNS that knows the names below:
 * tests/beyond.py is that.
 */
#include "sockettest.h"

#include <arpa/inet.h>
#include <netdb.h>

/* The addresses of a name, in the order of their text, joined by spaces; or why there are none. */
static const char *look_up(const char *name, int family, int flags)
{
	static char text[512];
	char each[8][INET6_ADDRSTRLEN];
	struct addrinfo hints = { .ai_family = family, .ai_flags = flags, .ai_socktype = SOCK_STREAM }, *list;
	size_t count = 0;
	int error = getaddrinfo(name, "80", &hints, &list);
	if (error)
		return error == EAI_NONAME ? "no name" : error == EAI_AGAIN ? "try again" : gai_strerror(error);
	for (struct addrinfo *entry = list; entry && count < 8; entry = entry->ai_next) {
		const struct sockaddr_in *v4 = (const void *)entry->ai_addr;
		const struct sockaddr_in6 *v6 = (const void *)entry->ai_addr;
		CHECK(entry->ai_socktype == SOCK_STREAM && ntohs(v4->sin_port) == 80);
		CHECK(inet_ntop(entry->ai_family, entry->ai_family == AF_INET ? (const void *)&v4->sin_addr : &v6->sin6_addr,
				each[count++], INET6_ADDRSTRLEN));
	}
	freeaddrinfo(list);
	qsort(each, count, sizeof each[0], (int (*)(const void *, const void *))strcmp);
	text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, each[i]);
	}
	return text;
}

#define CHECK_NAME(name, family, flags, wanted)                                                      \
	do {                                                                                         \
		const char *found = look_up(name, family, flags);                                    \
		if (strcmp(found, wanted))                                                           \
			printf("%s: %s\n", name, found);                                             \
		CHECK(!strcmp(found, wanted));                                                       \
	} while (0)

static void addresses_are_names_of_themselves()
{
	CHECK_NAME("10.1.2.3", AF_UNSPEC, AI_NUMERICHOST, "10.1.2.3");
	CHECK_NAME("2001:db8::1", AF_UNSPEC, AI_NUMERICHOST, "2001:db8::1");
	CHECK_NAME("127.1", AF_INET, 0, "127.0.0.1");
	CHECK_NAME("example.org", AF_UNSPEC, AI_NUMERICHOST, "no name");
	CHECK_NAME("1.2.3.4.5", AF_UNSPEC, AI_NUMERICHOST, "no name");
}

static void the_file_of_hosts_is_asked_first()
{
	CHECK_NAME("known.example", AF_INET, 0, "192.0.2.5");
	CHECK_NAME("known.example", AF_INET6, 0, "2001:db8::5");
	CHECK_NAME("alias", AF_INET, 0, "192.0.2.5");
	CHECK_NAME("localhost", AF_INET, 0, "127.0.0.1");
}

static void an_address_and_a_port_have_text()
{
	struct sockaddr_in address = loopback(80);
	char host[64], service[16];
	CHECK(!getnameinfo((struct sockaddr *)&address, sizeof address, host, sizeof host, service, sizeof service,
			   NI_NUMERICHOST | NI_NUMERICSERV));
	CHECK(!strcmp(host, "127.0.0.1") && !strcmp(service, "80"));
	CHECK(getnameinfo((struct sockaddr *)&address, sizeof address, host, 4, NULL, 0, NI_NUMERICHOST) == EAI_OVERFLOW);
}

void name_checks(void)
{
	HOLDS(addresses_are_names_of_themselves);
	HOLDS(the_file_of_hosts_is_asked_first);
	HOLDS(an_address_and_a_port_have_text);
}

static void a_name_server_is_asked_for_both_families()
{
	CHECK_NAME("one.test", AF_INET, 0, "192.0.2.1");
	CHECK_NAME("one.test", AF_INET6, 0, "2001:db8::1");
	CHECK_NAME("one.test", AF_UNSPEC, 0, "192.0.2.1 2001:db8::1");
	CHECK_NAME("ONE.test", AF_INET, 0, "192.0.2.1");
}

static void a_name_may_have_several_addresses_or_be_another_ones()
{
	CHECK_NAME("three.test", AF_INET, 0, "192.0.2.1 192.0.2.2 192.0.2.3");
	CHECK_NAME("also.test", AF_INET, 0, "192.0.2.1");
}

static void what_no_server_knows_has_no_name()
{
	CHECK_NAME("absent.test", AF_UNSPEC, 0, "no name");
	CHECK(strcmp(look_up("one.test.but.longer", AF_INET, 0), "192.0.2.1"));
}

void name_server_checks(void)
{
	HOLDS(a_name_server_is_asked_for_both_families);
	HOLDS(a_name_may_have_several_addresses_or_be_another_ones);
	HOLDS(what_no_server_knows_has_no_name);
}
