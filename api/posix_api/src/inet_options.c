/* SPDX-License-Identifier: Apache-2.0 */
/* Options of Internet sockets (man-pages, section 7: socket, ip, ipv6, tcp, udp). Each that is taken here can be asked for. */
#include "inet.h"

#include <memstr/memstr.h>

enum { MS_PER_SEC = 1000, DEFAULT = -1 };

static void apply_keep_alive(inet_socket_t *self)
{
	ax_tcp_set_keep_alive(self->tcp, self->socket.keep_alive ? (uint32_t)self->keep_idle * MS_PER_SEC : 0,
			      (uint32_t)self->keep_interval * MS_PER_SEC, (uint32_t)self->keep_count);
}

static long set_tcp(inet_socket_t *self, int name, int number)
{
	enum { SECONDS_MAX = 32767, PROBES_MAX = 127 };
	switch (name) {
	case AX_TCP_NODELAY:
		self->no_delay = number;
		ax_tcp_set_no_delay(self->tcp, number);
		return 0;
	case AX_TCP_KEEPIDLE:
	case AX_TCP_KEEPINTVL:
	case AX_TCP_KEEPCNT:
		if (number < 1 || number > (name == AX_TCP_KEEPCNT ? PROBES_MAX : SECONDS_MAX))
			return -AX_ERR_INVALID_INPUT;
		*(name == AX_TCP_KEEPIDLE    ? &self->keep_idle
		  : name == AX_TCP_KEEPINTVL ? &self->keep_interval
					     : &self->keep_count) = number;
		apply_keep_alive(self);
		return 0;
	case AX_TCP_CORK:
	case AX_TCP_QUICKACK:
	case AX_TCP_DEFER_ACCEPT:
	case AX_TCP_USER_TIMEOUT:
		return 0; /* hints */
	default:
		return -AX_ERR_NO_OPTION;
	}
}

static long get_tcp(const inet_socket_t *self, int name, int *value)
{
	enum { SEGMENT = 1460 };
	switch (name) {
	case AX_TCP_NODELAY:
		*value = self->no_delay;
		return 0;
	case AX_TCP_MAXSEG:
		*value = SEGMENT;
		return 0;
	case AX_TCP_KEEPIDLE:
		*value = self->keep_idle;
		return 0;
	case AX_TCP_KEEPINTVL:
		*value = self->keep_interval;
		return 0;
	case AX_TCP_KEEPCNT:
		*value = self->keep_count;
		return 0;
	case AX_TCP_CORK:
	case AX_TCP_QUICKACK:
	case AX_TCP_DEFER_ACCEPT:
	case AX_TCP_USER_TIMEOUT:
		return 0; /* hints that nobody has heard */
	default:
		return -AX_ERR_NO_OPTION;
	}
}

/* What marks packets. */
typedef struct mark {
	int level, name;
	uint8_t offset, least, usual;
} mark_t;

static const mark_t s_marks[] = {
	{ AX_IPPROTO_IP, AX_IP_TTL, offsetof(ax_net_marks_t, hops), 1, 64 },
	{ AX_IPPROTO_IP, AX_IP_TOS, offsetof(ax_net_marks_t, service), 0, 0 },
	{ AX_IPPROTO_IP, AX_IP_MULTICAST_TTL, offsetof(ax_net_marks_t, multicast_hops), 0, 1 },
	{ AX_IPPROTO_IPV6, AX_IPV6_UNICAST_HOPS, offsetof(ax_net_marks_t, hops), 1, 64 },
	{ AX_IPPROTO_IPV6, AX_IPV6_TCLASS, offsetof(ax_net_marks_t, service), 0, 0 },
	{ AX_IPPROTO_IPV6, AX_IPV6_MULTICAST_HOPS, offsetof(ax_net_marks_t, multicast_hops), 0, 1 },
};

static const mark_t *find_mark(int level, int name)
{
	for (size_t i = 0; i < ARRAY_SIZE(s_marks); i++) {
		if (s_marks[i].level == level && s_marks[i].name == name)
			return &s_marks[i];
	}
	return NULL;
}

static bool is_loop(int level, int name)
{
	return (level == AX_IPPROTO_IP && name == AX_IP_MULTICAST_LOOP) || (level == AX_IPPROTO_IPV6 && name == AX_IPV6_MULTICAST_LOOP);
}

static long apply_marks(inet_socket_t *self)
{
	if (posix_inet_is_tcp(self))
		ax_tcp_set_marks(self->tcp, &self->marks);
	else
		ax_udp_set_marks(self->udp, &self->marks);
	return 0;
}

static long set_mark(inet_socket_t *self, const mark_t *mark, int number)
{
	if (number == DEFAULT)
		number = mark->usual;
	if (number < mark->least || number > UINT8_MAX)
		return -AX_ERR_INVALID_INPUT;
	((uint8_t *)&self->marks)[mark->offset] = (uint8_t)number;
	return apply_marks(self);
}

/* The interface is not looked at: there is one. */
static long join(inet_socket_t *self, int level, int name, const void *value, unsigned bytes)
{
	const bool is_v4 = level == AX_IPPROTO_IP;
	ax_ip_t group = { .family = is_v4 ? AX_IP_V4 : AX_IP_V6 };
	if (posix_inet_is_tcp(self) || bytes < (is_v4 ? sizeof(struct ax_ip_mreq) : sizeof(struct ax_ipv6_mreq)))
		return -AX_ERR_INVALID_INPUT;
	if (is_v4)
		memcpy(group.bytes, value, sizeof ((struct ax_ip_mreq *)0)->group);
	else
		memcpy(group.bytes, value, sizeof ((struct ax_ipv6_mreq *)0)->group);
	return posix_inet_result(ax_udp_join(self->udp, &group, name == AX_IP_ADD_MEMBERSHIP || name == AX_IPV6_JOIN_GROUP));
}

static bool is_membership(int level, int name)
{
	return (level == AX_IPPROTO_IP && (name == AX_IP_ADD_MEMBERSHIP || name == AX_IP_DROP_MEMBERSHIP)) ||
	       (level == AX_IPPROTO_IPV6 && (name == AX_IPV6_JOIN_GROUP || name == AX_IPV6_LEAVE_GROUP));
}

/* A datagram is sent at once: nothing waits. */
void posix_inet_set_buffers(posix_socket_t *socket)
{
	inet_socket_t *self = inet(socket);
	if (posix_inet_is_tcp(self))
		ax_tcp_set_buffers(self->tcp, (size_t)socket->receive_bytes, (size_t)socket->send_bytes);
	else
		ax_udp_set_buffer(self->udp, (size_t)socket->receive_bytes);
}

long posix_inet_set_option(posix_socket_t *socket, int level, int name, const void *value, unsigned bytes)
{
	inet_socket_t *self = inet(socket);
	const mark_t *mark = find_mark(level, name);
	int number = 0;
	memcpy(&number, value, AX_MIN((size_t)bytes, sizeof number)); /* options of groups may be one byte */
	if (level == AX_IPPROTO_TCP && posix_inet_is_tcp(self))
		return bytes < sizeof number ? -AX_ERR_INVALID_INPUT : set_tcp(self, name, number);
	if (is_membership(level, name))
		return join(self, level, name, value, bytes);
	if (mark)
		return bytes ? set_mark(self, mark, number) : -AX_ERR_INVALID_INPUT;
	if (is_loop(level, name)) {
		self->marks.multicast_loops = number;
		return apply_marks(self);
	}
	if (level == AX_SOL_SOCKET && name == AX_SO_KEEPALIVE) {
		socket->keep_alive = number;
		if (posix_inet_is_tcp(self))
			apply_keep_alive(self);
		return 0;
	}
	if (level == AX_SOL_SOCKET && name == AX_SO_BROADCAST) {
		self->may_broadcast = number;
		if (!posix_inet_is_tcp(self))
			ax_udp_set_broadcast(self->udp, number);
		return 0;
	}
	if (level == AX_IPPROTO_IPV6 && name == AX_IPV6_V6ONLY) {
		if (self->is_bound)
			return -AX_ERR_INVALID_INPUT;
		self->v6_only = number;
		return 0;
	}
	if (level == AX_IPPROTO_IP && (name == AX_IP_RECVERR || name == AX_IP_MULTICAST_IF || name == AX_IP_MTU_DISCOVER))
		return 0; /* hints */
	return -AX_ERR_NO_OPTION;
}

long posix_inet_get_option(posix_socket_t *socket, int level, int name, int *value)
{
	inet_socket_t *self = inet(socket);
	const mark_t *mark = find_mark(level, name);
	if (level == AX_IPPROTO_TCP && posix_inet_is_tcp(self))
		return get_tcp(self, name, value);
	if (mark)
		*value = ((const uint8_t *)&self->marks)[mark->offset];
	else if (is_loop(level, name))
		*value = self->marks.multicast_loops;
	else if (level == AX_SOL_SOCKET && name == AX_SO_ACCEPTCONN)
		*value = posix_inet_is_tcp(self) && ax_tcp_is_listening(self->tcp);
	else if (level == AX_SOL_SOCKET && name == AX_SO_KEEPALIVE)
		*value = socket->keep_alive;
	else if (level == AX_SOL_SOCKET && name == AX_SO_BROADCAST)
		*value = self->may_broadcast;
	else if (level == AX_IPPROTO_IPV6 && name == AX_IPV6_V6ONLY)
		*value = self->v6_only;
	else
		return -AX_ERR_NO_OPTION;
	return 0;
}

void posix_inet_inherit(inet_socket_t *connection, const inet_socket_t *listener)
{
	posix_socket_t *to = &connection->socket;
	const posix_socket_t *from = &listener->socket;
	connection->no_delay = listener->no_delay;
	connection->keep_idle = listener->keep_idle;
	connection->keep_interval = listener->keep_interval;
	connection->keep_count = listener->keep_count;
	connection->marks = listener->marks;
	connection->v6_only = listener->v6_only;
	to->keep_alive = from->keep_alive;
	to->reuse_address = from->reuse_address;
	to->linger_on = from->linger_on;
	to->linger_seconds = from->linger_seconds;
	to->receive_timeout_ns = from->receive_timeout_ns;
	to->send_timeout_ns = from->send_timeout_ns;
	to->receive_bytes = from->receive_bytes;
	to->send_bytes = from->send_bytes;
}
