/* SPDX-License-Identifier: Apache-2.0 */
/* What the checks share. A check that does not hold says where, and ends the program. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define CHECK(condition)                                                                             \
	do {                                                                                         \
		if (!(condition)) {                                                                  \
			printf("%s:%d: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno);     \
			exit(1);                                                                     \
		}                                                                                    \
	} while (0)

/** The call fails with that errno. */
#define CHECK_FAILS(call, number)                                                                    \
	do {                                                                                         \
		errno = 0;                                                                           \
		CHECK((call) == -1 && errno == (number));                                            \
	} while (0)

/** Runs the check and prints its name. */
#define HOLDS(check)                                                                                 \
	do {                                                                                         \
		check();                                                                             \
		printf("%s: holds\n", #check);                                                       \
	} while (0)

struct sockaddr_in loopback(int port);

/** A listener on 127.0.0.1 with a port of its own, and that address. */
int listener(struct sockaddr_in *address, int backlog);

/** A pair of connected TCP sockets. */
void tcp_pair(int pair[2]);

unsigned poll_now(int fd, short events);

/** An option that is an int, its value of a fresh socket, and another one that is set. */
typedef struct option {
	int level, name, fresh, set;
} option_t;

int option_of(int fd, int level, int name);
void set_option(int fd, const option_t *option);

/** Of a fresh socket, and after each was set. */
void check_options(int fd, const option_t *options, size_t count);

/** What the peer beyond the wire has told. */
typedef struct wire {
	FILE *peer;                /* a connection to it, by lines */
	struct sockaddr_in hears;  /* datagrams there */
	struct sockaddr_in6 v6;    /* who accepts connections there; sin6_port 0: it has no IPv6 */
} wire_t;

void wire_connect(wire_t *wire, char *server);

void tcp_checks(void);
void udp_checks(void);
void unix_checks(void);
void name_checks(void);
void name_server_checks(void);
void group_checks(wire_t *wire);
