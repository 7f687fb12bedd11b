/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internet sockets: addresses of the ABI on one side, axnet's objects on the other. A socket of AF_INET6 serves
 * IPv4 too, by mapped addresses (RFC 4291, 2.5.5.2), unless IPV6_V6ONLY says not to.
 */
#include "inet.h"

#include <axalloc/axalloc.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum { V4_BYTES = 4, V6_BYTES = 16, MAPPED_PREFIX = 12 };

static const uint8_t s_mapped[MAPPED_PREFIX] = { [10] = 0xff, [11] = 0xff };

static uint16_t swap_port(uint16_t port)
{
	return __builtin_bswap16(port);
}

/* An address of the caller's; -EAFNOSUPPORT if it is of another family than the socket. */
static long read_address(const inet_socket_t *self, const struct ax_sockaddr *address, unsigned bytes, ax_endpoint_t *out)
{
	*out = (ax_endpoint_t){};
	if (address->family == AX_AF_INET && self->socket.family == AX_AF_INET) {
		struct ax_sockaddr_in v4;
		if (bytes < sizeof v4)
			return -AX_ERR_INVALID_INPUT;
		memcpy(&v4, address, sizeof v4);
		out->ip.family = AX_IP_V4;
		memcpy(out->ip.bytes, v4.address, V4_BYTES);
		out->port = swap_port(v4.port);
		return 0;
	}
	if (address->family == AX_AF_INET6 && self->socket.family == AX_AF_INET6) {
		struct ax_sockaddr_in6 v6;
		if (bytes < offsetof(struct ax_sockaddr_in6, scope))
			return -AX_ERR_INVALID_INPUT;
		memcpy(&v6, address, offsetof(struct ax_sockaddr_in6, scope));
		bool is_mapped = !memcmp(v6.address, s_mapped, MAPPED_PREFIX);
		if (is_mapped && self->v6_only)
			return -AX_ERR_NETWORK_UNREACHABLE;
		out->ip.family = is_mapped ? AX_IP_V4 : AX_IP_V6;
		if (is_mapped)
			memcpy(out->ip.bytes, v6.address + MAPPED_PREFIX, V4_BYTES);
		else
			memcpy(out->ip.bytes, v6.address, V6_BYTES);
		out->port = swap_port(v6.port);
		return 0;
	}
	return -AX_ERR_ADDRESS_FAMILY;
}

static long write_address(const inet_socket_t *self, const ax_endpoint_t *from, struct ax_sockaddr_storage *to)
{
	if (self->socket.family == AX_AF_INET) {
		struct ax_sockaddr_in v4 = { .family = AX_AF_INET, .port = swap_port(from->port) };
		memcpy(v4.address, from->ip.bytes, V4_BYTES);
		memcpy(to, &v4, sizeof v4);
		return sizeof v4;
	}
	struct ax_sockaddr_in6 v6 = { .family = AX_AF_INET6, .port = swap_port(from->port) };
	if (from->ip.family == AX_IP_V4) {
		memcpy(v6.address, s_mapped, MAPPED_PREFIX);
		memcpy(v6.address + MAPPED_PREFIX, from->ip.bytes, V4_BYTES);
	} else {
		memcpy(v6.address, from->ip.bytes, V6_BYTES);
	}
	memcpy(to, &v6, sizeof v6);
	return sizeof v6;
}

static unsigned to_poll(unsigned ready)
{
	unsigned events = 0;
	if (ready & AX_NET_READABLE)
		events |= AX_POLLIN | AX_POLLRDNORM;
	if (ready & AX_NET_WRITABLE)
		events |= AX_POLLOUT | AX_POLLWRNORM;
	if (ready & AX_NET_ENDED)
		events |= AX_POLLIN | AX_POLLRDNORM | AX_POLLRDHUP;
	if (ready & AX_NET_FAILED)
		events |= AX_POLLIN | AX_POLLOUT | AX_POLLERR | AX_POLLHUP;
	return events;
}

static void on_change(void *context, unsigned ready)
{
	posix_socket_t *socket = context;
	posix_readiness_notify(&socket->readiness, to_poll(ready));
}

static unsigned inet_events(posix_socket_t *socket)
{
	inet_socket_t *self = inet(socket);
	if (!posix_inet_is_tcp(self))
		return to_poll(ax_udp_ready(self->udp));
	unsigned ready = ax_tcp_ready(self->tcp);
	unsigned events = to_poll(ready);
	return (ready & AX_NET_ENDED) && self->was_shut_sending ? events | AX_POLLHUP : events;
}

static long inet_bind(posix_socket_t *socket, const struct ax_sockaddr *address, unsigned bytes)
{
	inet_socket_t *self = inet(socket);
	ax_endpoint_t local;
	long error = read_address(self, address, bytes, &local);
	if (error)
		return error;
	if (self->is_bound)
		return -AX_ERR_INVALID_INPUT;
	if (socket->family == AX_AF_INET6 && ax_ip_is_unspecified(&local.ip) && !self->v6_only)
		local.ip.family = AX_IP_ANY;
	error = posix_inet_result(posix_inet_is_tcp(self) ? ax_tcp_bind(self->tcp, &local, socket->reuse_address)
				       : ax_udp_bind(self->udp, &local, socket->reuse_address));
	self->is_bound = !error;
	return error;
}

static long inet_connect(posix_socket_t *socket, const struct ax_sockaddr *address, unsigned bytes)
{
	inet_socket_t *self = inet(socket);
	ax_endpoint_t remote;
	if (!posix_inet_is_tcp(self) && address->family == AX_AF_UNSPEC)
		return posix_inet_result(ax_udp_connect(self->udp, NULL));
	long error = read_address(self, address, bytes, &remote);
	if (error)
		return error;
	return posix_inet_result(posix_inet_is_tcp(self) ? ax_tcp_start_connect(self->tcp, &remote) : ax_udp_connect(self->udp, &remote));
}

static long inet_listen(posix_socket_t *socket, int backlog)
{
	inet_socket_t *self = inet(socket);
	return posix_inet_is_tcp(self) ? posix_inet_result(ax_tcp_listen(self->tcp, (unsigned)backlog)) : -AX_ERR_NOT_SUPPORTED;
}

static inet_socket_t *make(int family, int type, int protocol);

static long inet_accept(posix_socket_t *socket, posix_socket_t **accepted)
{
	inet_socket_t *self = inet(socket), *other;
	ax_tcp_t *tcp;
	if (!posix_inet_is_tcp(self))
		return -AX_ERR_NOT_SUPPORTED;
	ax_err_t error = ax_tcp_accept(self->tcp, AX_NET_TRY, &tcp);
	if (error)
		return posix_inet_result(error);
	other = make(socket->family, socket->type, socket->protocol);
	if (!other) {
		ax_tcp_abort(tcp);
		return -AX_ERR_NO_MEMORY;
	}
	posix_inet_inherit(other, self);
	other->tcp = tcp;
	other->is_bound = true;
	ax_tcp_watch(tcp, on_change, &other->socket);
	*accepted = &other->socket;
	return 0;
}

static long send_tcp(inet_socket_t *self, const struct ax_msghdr *message)
{
	size_t sent;
	_Static_assert(sizeof(ax_net_piece_t) == sizeof(struct ax_iovec) &&
			       offsetof(ax_net_piece_t, bytes) == offsetof(struct ax_iovec, length),
		       "a vector is pieces");
	ax_err_t error = ax_tcp_send_pieces(self->tcp, (const ax_net_piece_t *)message->vector, message->vector_count,
					    AX_NET_TRY, &sent);
	return sent ? (long)sent : error ? posix_inet_result(error) : 0;
}

static long send_udp(inet_socket_t *self, const struct ax_msghdr *message)
{
	ax_endpoint_t remote;
	if (message->name) {
		long error = read_address(self, message->name, message->name_bytes, &remote);
		if (error)
			return error;
	}
	ax_err_t error = ax_udp_send_pieces(self->udp, (const ax_net_piece_t *)message->vector, message->vector_count,
					    message->name ? &remote : NULL);
	return error ? posix_inet_result(error) : (long)posix_message_bytes(message);
}

static long inet_send(posix_socket_t *socket, const struct ax_msghdr *message, int flags)
{
	inet_socket_t *self = inet(socket);
	if (flags & AX_MSG_OOB)
		return -AX_ERR_NOT_SUPPORTED;
	return posix_inet_is_tcp(self) ? send_tcp(self, message) : send_udp(self, message);
}

/* One piece after the other, as far as bytes are there. */
static long receive_tcp(inet_socket_t *self, struct ax_msghdr *message, int flags)
{
	size_t total = 0;
	message->name_bytes = 0;
	for (size_t i = 0; i < message->vector_count; i++) {
		size_t here = 0;
		const struct ax_iovec *piece = &message->vector[i];
		ax_err_t error = flags & AX_MSG_PEEK
					 ? ax_tcp_peek(self->tcp, piece->base, piece->length, AX_NET_TRY, &here)
					 : ax_tcp_receive(self->tcp, piece->base, piece->length, AX_NET_TRY, &here);
		if (error)
			return total ? (long)total : posix_inet_result(error);
		total += here;
		if (here < piece->length || (flags & AX_MSG_PEEK))
			break;
	}
	return (long)total;
}

static long spread(const ax_udp_loan_t *loan, const struct ax_msghdr *message)
{
	size_t total = 0, bytes, i = 0, at = 0;
	const void *part = NULL;
	while ((part = ax_udp_loan_part(loan, part, &bytes))) {
		const char *from = part;
		while (bytes && i < message->vector_count) {
			size_t here = AX_MIN(bytes, message->vector[i].length - at);
			memcpy((char *)message->vector[i].base + at, from, here);
			from += here;
			bytes -= here;
			total += here;
			at += here;
			if (at == message->vector[i].length) {
				i++;
				at = 0;
			}
		}
	}
	return (long)total;
}

static void give_sender(const inet_socket_t *self, const ax_endpoint_t *from, struct ax_msghdr *message)
{
	struct ax_sockaddr_storage address = {};
	long bytes = write_address(self, from, &address);
	if (message->name)
		memcpy(message->name, &address, AX_MIN((size_t)message->name_bytes, (size_t)bytes));
	message->name_bytes = (unsigned)bytes;
}

static long peek_udp(inet_socket_t *self, struct ax_msghdr *message, int flags)
{
	size_t bytes;
	ax_endpoint_t from;
	struct ax_iovec none = {}, *first = message->vector_count ? message->vector : &none;
	ax_err_t error = ax_udp_peek(self->udp, first->base, first->length, AX_NET_TRY, &bytes, &from);
	if (error)
		return posix_inet_result(error);
	give_sender(self, &from, message);
	return flags & AX_MSG_TRUNC ? (long)bytes : (long)AX_MIN(bytes, first->length);
}

static long receive_udp(inet_socket_t *self, struct ax_msghdr *message, int flags)
{
	ax_udp_loan_t *loan;
	if (flags & AX_MSG_PEEK)
		return peek_udp(self, message, flags);
	ax_err_t error = ax_udp_borrow(self->udp, AX_NET_TRY, &loan);
	if (error)
		return posix_inet_result(error);
	long copied = spread(loan, message), bytes = (long)ax_udp_loan_bytes(loan);
	give_sender(self, ax_udp_loan_from(loan), message);
	ax_udp_return(loan);
	message->flags |= copied < bytes ? AX_MSG_TRUNC : 0;
	return flags & AX_MSG_TRUNC ? bytes : copied;
}

static long inet_receive(posix_socket_t *socket, struct ax_msghdr *message, int flags)
{
	inet_socket_t *self = inet(socket);
	if (flags & AX_MSG_OOB)
		return -AX_ERR_INVALID_INPUT;
	return posix_inet_is_tcp(self) ? receive_tcp(self, message, flags) : receive_udp(self, message, flags);
}

static long inet_name(posix_socket_t *socket, bool peer, struct ax_sockaddr_storage *address)
{
	inet_socket_t *self = inet(socket);
	ax_endpoint_t endpoint = {};
	ax_err_t error = AX_OK;
	if (peer)
		error = posix_inet_is_tcp(self) ? ax_tcp_remote(self->tcp, &endpoint) : ax_udp_remote(self->udp, &endpoint);
	else if (posix_inet_is_tcp(self))
		ax_tcp_local(self->tcp, &endpoint);
	else
		ax_udp_local(self->udp, &endpoint);
	if (ax_ip_is_unspecified(&endpoint.ip))
		endpoint.ip.family = AX_IP_V6; /* "::" of a socket for both */
	return error ? posix_inet_result(error) : write_address(self, &endpoint, address);
}

static long inet_shutdown(posix_socket_t *socket, bool receiving, bool sending)
{
	inet_socket_t *self = inet(socket);
	ax_endpoint_t remote;
	if (!posix_inet_is_tcp(self))
		return posix_inet_result(ax_udp_remote(self->udp, &remote));
	long error = posix_inet_result(ax_tcp_shutdown(self->tcp, receiving, sending));
	if (!error) {
		self->was_shut_receiving |= receiving;
		self->was_shut_sending |= sending;
	}
	return error;
}

static int inet_take_error(posix_socket_t *socket)
{
	inet_socket_t *self = inet(socket);
	return ax_err_to_errno(posix_inet_is_tcp(self) ? ax_tcp_take_error(self->tcp) : ax_udp_take_error(self->udp));
}

static long inet_available(posix_socket_t *socket)
{
	inet_socket_t *self = inet(socket);
	return (long)(posix_inet_is_tcp(self) ? ax_tcp_available(self->tcp) : ax_udp_available(self->udp));
}

static void inet_release(posix_socket_t *socket)
{
	inet_socket_t *self = inet(socket);
	if (!posix_inet_is_tcp(self)) {
		ax_udp_watch(self->udp, NULL, NULL);
		ax_udp_close(self->udp);
	} else {
		ax_tcp_watch(self->tcp, NULL, NULL);
		if (socket->linger_on && !socket->linger_seconds)
			ax_tcp_abort(self->tcp);
		else
			ax_tcp_close(self->tcp);
	}
	axalloc_free(self);
}

static const posix_socket_ops_t s_ops = {
	.bind = inet_bind, .connect = inet_connect, .listen = inet_listen, .accept = inet_accept, .send = inet_send,
	.receive = inet_receive, .name = inet_name, .shutdown = inet_shutdown, .set_option = posix_inet_set_option,
	.set_buffers = posix_inet_set_buffers,
	.get_option = posix_inet_get_option, .take_error = inet_take_error, .available = inet_available, .events = inet_events,
	.release = inet_release,
};

static inet_socket_t *make(int family, int type, int protocol)
{
	inet_socket_t *self = axalloc_alloc(sizeof *self, 0);
	if (self)
		*self = (inet_socket_t){ .socket = { .ops = &s_ops, .family = family, .type = type, .protocol = protocol,
							     .receive_bytes = AX_NET_BUFFER_MAX, .send_bytes = AX_NET_BUFFER_MAX },
					 .keep_idle = KEEP_IDLE, .keep_interval = KEEP_INTERVAL, .keep_count = KEEP_COUNT,
					 .marks = AX_NET_MARKS };
	return self;
}

long posix_inet_new(int family, int type, int protocol, posix_socket_t **socket)
{
	if (type != AX_SOCK_STREAM && type != AX_SOCK_DGRAM)
		return -AX_ERR_UNKNOWN_PROTOCOL;
	const int natural = type == AX_SOCK_STREAM ? AX_IPPROTO_TCP : AX_IPPROTO_UDP;
	if (protocol && protocol != natural)
		return -AX_ERR_UNKNOWN_PROTOCOL;
	inet_socket_t *self = make(family, type, natural);
	if (!self)
		return -AX_ERR_NO_MEMORY;
	ax_ip_family_t kind = family == AX_AF_INET ? AX_IP_V4 : AX_IP_ANY;
	ax_err_t error = posix_inet_is_tcp(self) ? ax_tcp_new(kind, &self->tcp) : ax_udp_new(kind, &self->udp);
	if (error) {
		axalloc_free(self);
		return posix_inet_result(error);
	}
	if (posix_inet_is_tcp(self))
		ax_tcp_watch(self->tcp, on_change, &self->socket);
	else
		ax_udp_watch(self->udp, on_change, &self->socket);
	posix_take_in = ax_net_take_in;
	*socket = &self->socket;
	return 0;
}

void posix_inet_end(void)
{
	axnet_end();
}

/* A program may ask before DHCP has answered. */
long ax_sys_name_server(char *text, size_t capacity)
{
	ax_net_status_t status;
	const uint64_t wait_ns = UINT64_C(10000000000);
	ax_err_t error = ax_net_wait_configured(axhal_now_ns() + wait_ns);
	if (error)
		return -(long)error;
	ax_net_status(&status);
	if (ax_ip_is_unspecified(&status.name_server))
		return -AX_ERR_NOT_FOUND;
	ax_ip_format(&status.name_server, text, capacity);
	return 0;
}
