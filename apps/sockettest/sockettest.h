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

void tcp_checks(void);
void udp_checks(void);
void unix_checks(void);
void name_checks(void);
void name_server_checks(char *server);
