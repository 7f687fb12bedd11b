/* SPDX-License-Identifier: Apache-2.0 */
/* Internet sockets: inet.c, and their options, inet_options.c. */
#pragma once

#include "socket.h"

#include <axerrno/axerrno.h>
#include <axnet/tcp.h>
#include <axnet/udp.h>

enum { KEEP_IDLE = 7200, KEEP_INTERVAL = 75, KEEP_COUNT = 9 }; /* of a fresh socket, as on Linux */

typedef struct inet_socket {
	posix_socket_t socket;
	union {
		ax_tcp_t *tcp;
		ax_udp_t *udp;
	};
	bool v6_only, is_bound, no_delay, may_broadcast;
	bool was_shut_receiving, was_shut_sending;
	int keep_idle, keep_interval, keep_count; /* seconds, seconds, probes */
	ax_net_marks_t marks;
} inet_socket_t;

static inline inet_socket_t *inet(posix_socket_t *socket)
{
	return container_of(socket, inet_socket_t, socket);
}

static inline bool posix_inet_is_tcp(const inet_socket_t *self)
{
	return self->socket.type == AX_SOCK_STREAM;
}

static inline long posix_inet_result(ax_err_t error)
{
	return error ? -(long)ax_err_to_errno(error) : 0;
}

void posix_inet_set_buffers(posix_socket_t *socket);
long posix_inet_set_option(posix_socket_t *socket, int level, int name, const void *value, unsigned bytes);
long posix_inet_get_option(posix_socket_t *socket, int level, int name, int *value);

/** A connection has the options of its listener. What is axnet's, axnet hands down. */
void posix_inet_inherit(inet_socket_t *connection, const inet_socket_t *listener);
