/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of sockets (POSIX.1-2017, XSH 2.10; man-pages, section 2): arguments, waiting, SIGPIPE. */
#include "socket.h"
#include "signal.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

static const posix_file_ops_t s_ops;

static bool is_socket(const posix_file_t *file)
{
	return file->ops == &s_ops;
}

/* `SOCKET(file, socket, fd);`: both, or the call returns what is wrong. */
#define SOCKET(file, socket, fd)                                                                            \
	POSIX_FILE(file, fd);                                                                               \
	if (!file)                                                                                          \
		return -AX_ERR_BAD_HANDLE;                                                                  \
	if (!is_socket(file))                                                                               \
		return -AX_ERR_NOT_A_SOCKET;                                                                \
	posix_socket_t *const socket = file->object

/* Whether to try again after @p result, as in io.c, but a socket may have a time after which it gives up. */
static bool may_go_on(posix_file_t *file, unsigned events, int flags, uint64_t deadline_ns, long *result)
{
	if (*result != -AX_ERR_WOULD_BLOCK || (file->flags & AX_O_NONBLOCK) || (flags & AX_MSG_DONTWAIT))
		return false;
	*result = posix_file_wait(file, events, deadline_ns);
	return *result == 0;
}

static uint64_t deadline_of(uint64_t timeout_ns)
{
	return timeout_ns ? posix_add_saturating(axhal_now_ns(), timeout_ns) : UINT64_MAX;
}

static posix_file_t *file_of(posix_socket_t *socket, int flags)
{
	posix_file_t *file = posix_file_new(&s_ops, AX_O_RDWR | (flags & AX_SOCK_NONBLOCK ? AX_O_NONBLOCK : 0));
	if (file) {
		file->object = socket;
		file->readiness = &socket->readiness;
	} else {
		socket->ops->release(socket);
	}
	return file;
}

static long install(posix_socket_t *socket, int flags)
{
	return posix_descriptor_install(file_of(socket, flags), 0, flags & AX_SOCK_CLOEXEC ? AX_O_CLOEXEC : 0);
}

long ax_sys_socket(int family, int type, int protocol)
{
	POSIX_CALL();
	posix_socket_t *socket = NULL;
	const int flags = type & ~AX_SOCK_TYPE;
	if (flags & ~(AX_SOCK_NONBLOCK | AX_SOCK_CLOEXEC))
		return -AX_ERR_INVALID_INPUT;
	long error = family == AX_AF_UNIX ? posix_unix_new(type & AX_SOCK_TYPE, &socket)
		   : family == AX_AF_INET || family == AX_AF_INET6
			   ? posix_inet_new(family, type & AX_SOCK_TYPE, protocol, &socket)
			   : -AX_ERR_ADDRESS_FAMILY;
	return error ? error : install(socket, flags);
}

long ax_sys_socketpair(int family, int type, [[maybe_unused]] int protocol, int *descriptors)
{
	POSIX_CALL();
	posix_socket_t *sockets[2];
	if (family != AX_AF_UNIX)
		return family == AX_AF_INET || family == AX_AF_INET6 ? -AX_ERR_NOT_SUPPORTED : -AX_ERR_ADDRESS_FAMILY;
	long error = posix_unix_pair(type & AX_SOCK_TYPE, sockets);
	if (error)
		return error;
	posix_file_t *first = file_of(sockets[0], type), *second = file_of(sockets[1], type);
	return posix_descriptor_install_pair(first, second, type & AX_SOCK_CLOEXEC ? AX_O_CLOEXEC : 0, descriptors);
}

long ax_sys_bind(int fd, const struct ax_sockaddr *address, unsigned length)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	return length < sizeof address->family ? -AX_ERR_INVALID_INPUT : socket->ops->bind(socket, address, length);
}

long ax_sys_listen(int fd, int backlog)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	return socket->ops->listen ? socket->ops->listen(socket, backlog < 0 ? 0 : backlog) : -AX_ERR_NOT_SUPPORTED;
}

long ax_sys_connect(int fd, const struct ax_sockaddr *address, unsigned length)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	if (length < sizeof address->family)
		return -AX_ERR_INVALID_INPUT;
	long result = socket->ops->connect(socket, address, length);
	if ((result != -AX_ERR_IN_PROGRESS && result != -AX_ERR_ALREADY) || (file->flags & AX_O_NONBLOCK))
		return result;
	result = posix_file_wait(file, AX_POLLOUT, deadline_of(socket->send_timeout_ns));
	if (result == -AX_ERR_WOULD_BLOCK)
		return -AX_ERR_IN_PROGRESS;
	return result ? result : -socket->ops->take_error(socket);
}

/* Hand an address out as the caller has room, and say how long it is. */
static void give_name(const struct ax_sockaddr_storage *address, long bytes, struct ax_sockaddr *to, unsigned *room)
{
	if (!to || !room)
		return;
	memcpy(to, address, AX_MIN((size_t)*room, (size_t)bytes));
	*room = (unsigned)bytes;
}

long ax_sys_accept4(int fd, struct ax_sockaddr *address, unsigned *length, int flags)
{
	POSIX_CALL();
	posix_socket_t *accepted;
	SOCKET(file, socket, fd);
	if (flags & ~(AX_SOCK_NONBLOCK | AX_SOCK_CLOEXEC))
		return -AX_ERR_INVALID_INPUT;
	if (!socket->ops->accept)
		return -AX_ERR_NOT_SUPPORTED;
	const uint64_t deadline_ns = deadline_of(socket->receive_timeout_ns);
	long result;
	do
		result = socket->ops->accept(socket, &accepted);
	while (may_go_on(file, AX_POLLIN, 0, deadline_ns, &result));
	if (result)
		return result;
	struct ax_sockaddr_storage peer = {};
	long bytes = accepted->ops->name(accepted, true, &peer);
	give_name(&peer, bytes < 0 ? (long)sizeof peer.family : bytes, address, length);
	return install(accepted, flags);
}

long ax_sys_accept(int fd, struct ax_sockaddr *address, unsigned *length)
{
	return ax_sys_accept4(fd, address, length, 0);
}

static long name_call(int fd, bool peer, struct ax_sockaddr *address, unsigned *length)
{
	SOCKET(file, socket, fd);
	struct ax_sockaddr_storage name = {};
	long bytes = socket->ops->name(socket, peer, &name);
	if (bytes < 0)
		return bytes;
	give_name(&name, bytes, address, length);
	return 0;
}

long ax_sys_getsockname(int fd, struct ax_sockaddr *address, unsigned *length)
{
	POSIX_CALL();
	return name_call(fd, false, address, length);
}

long ax_sys_getpeername(int fd, struct ax_sockaddr *address, unsigned *length)
{
	POSIX_CALL();
	return name_call(fd, true, address, length);
}

long ax_sys_shutdown(int fd, int how)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	if (how < AX_SHUT_RD || how > AX_SHUT_RDWR)
		return -AX_ERR_INVALID_INPUT;
	return socket->ops->shutdown(socket, how != AX_SHUT_WR, how != AX_SHUT_RD);
}

/* ------------------------------------------------------------------------------------------------------- data */

/* Drop the first @p bytes of the message's pieces. */
static void advance(struct ax_msghdr *message, size_t bytes)
{
	while (message->vector_count && bytes >= message->vector->length) {
		bytes -= message->vector->length;
		message->vector++;
		message->vector_count--;
	}
	if (bytes) {
		message->vector->base = (char *)message->vector->base + bytes;
		message->vector->length -= bytes;
	}
}

/* Of a stream all, if it may wait; a copy of the vector is used up on the way. */
static long send_all(posix_file_t *file, posix_socket_t *socket, struct ax_msghdr message, int flags)
{
	const size_t wanted = posix_message_bytes(&message);
	const uint64_t deadline_ns = deadline_of(socket->send_timeout_ns);
	const bool is_stream = socket->type == AX_SOCK_STREAM;
	size_t total = 0;
	for (;;) {
		long result = socket->ops->send(socket, &message, flags);
		if (result >= 0) {
			total += (size_t)result;
			if (!is_stream || total == wanted || (file->flags & AX_O_NONBLOCK) || (flags & AX_MSG_DONTWAIT))
				return (long)total;
			advance(&message, (size_t)result);
			message.control = NULL; /* went with the first part */
			continue;
		}
		if (!may_go_on(file, AX_POLLOUT, flags, deadline_ns, &result)) {
			if (!total && result == -AX_ERR_BROKEN_PIPE && is_stream && !(flags & AX_MSG_NOSIGNAL))
				return posix_broken_pipe();
			return total ? (long)total : result;
		}
	}
}

static long send_message(posix_file_t *file, const struct ax_msghdr *message, int flags)
{
	enum { SOME = 16 };
	struct ax_iovec few[SOME], *copy = few;
	struct ax_msghdr own = *message;
	if (message->vector_count > AX_IOV_MAX)
		return -AX_ERR_MESSAGE_TOO_LONG;
	if (message->vector_count > SOME)
		copy = axalloc_alloc(message->vector_count * sizeof *copy, 0);
	if (!copy)
		return -AX_ERR_NO_MEMORY;
	if (message->vector_count)
		memcpy(copy, message->vector, message->vector_count * sizeof *copy);
	own.vector = copy;
	long result = send_all(file, file->object, own, flags);
	if (copy != few)
		axalloc_free(copy);
	return result;
}

long ax_sys_sendto(int fd, const void *buffer, size_t bytes, int flags, const struct ax_sockaddr *address, unsigned length)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	struct ax_iovec piece = { (void *)(uintptr_t)buffer, bytes };
	struct ax_msghdr message = { .name = (void *)(uintptr_t)address, .name_bytes = address ? length : 0, .vector = &piece,
				     .vector_count = 1 };
	return send_all(file, socket, message, flags);
}

long ax_sys_sendmsg(int fd, const struct ax_msghdr *message, int flags)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	(void)socket;
	return send_message(file, message, flags);
}

static long receive_message(posix_file_t *file, posix_socket_t *socket, struct ax_msghdr *message, int flags)
{
	const uint64_t deadline_ns = deadline_of(socket->receive_timeout_ns);
	const bool all = (flags & AX_MSG_WAITALL) && socket->type == AX_SOCK_STREAM && !(flags & AX_MSG_PEEK) &&
			 message->vector_count == 1;
	struct ax_iovec rest = all ? *message->vector : (struct ax_iovec){};
	struct ax_msghdr own = *message;
	size_t total = 0;
	long result;
	if (all)
		own.vector = &rest;
	for (;;) {
		own.control_bytes = message->control_bytes;
		do
			result = socket->ops->receive(socket, &own, flags);
		while (may_go_on(file, AX_POLLIN, flags, deadline_ns, &result));
		if (result <= 0 || !all || (socket->family == AX_AF_UNIX && own.control_bytes))
			break;
		total += (size_t)result;
		rest.base = (char *)rest.base + result;
		rest.length -= (size_t)result;
		if (!rest.length)
			break;
	}
	message->name_bytes = own.name_bytes;
	message->flags = own.flags;
	message->control_bytes = socket->family == AX_AF_UNIX && result > 0 ? own.control_bytes : 0;
	return all && total ? (long)total : result;
}

long ax_sys_recvfrom(int fd, void *buffer, size_t bytes, int flags, struct ax_sockaddr *address, unsigned *length)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	struct ax_iovec piece = { buffer, bytes };
	struct ax_msghdr message = { .name = address, .name_bytes = address && length ? *length : 0, .vector = &piece,
				     .vector_count = 1 };
	long result = receive_message(file, socket, &message, flags);
	if (result >= 0 && address && length)
		*length = message.name_bytes;
	return result;
}

long ax_sys_recvmsg(int fd, struct ax_msghdr *message, int flags)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	if (message->vector_count > AX_IOV_MAX)
		return -AX_ERR_MESSAGE_TOO_LONG;
	message->flags = 0;
	return receive_message(file, socket, message, flags);
}

static long socket_read(posix_file_t *file, void *buffer, size_t bytes)
{
	posix_socket_t *socket = file->object;
	struct ax_iovec piece = { buffer, bytes };
	struct ax_msghdr message = { .vector = &piece, .vector_count = 1 };
	return socket->ops->receive(socket, &message, 0);
}

static long socket_writev(posix_file_t *file, const struct ax_iovec *vector, int count)
{
	struct ax_msghdr message = { .vector = (struct ax_iovec *)(uintptr_t)vector, .vector_count = (size_t)count };
	return send_message(file, &message, 0);
}

static long socket_readv(posix_file_t *file, const struct ax_iovec *vector, int count)
{
	posix_socket_t *socket = file->object;
	struct ax_msghdr message = { .vector = (struct ax_iovec *)(uintptr_t)vector, .vector_count = (size_t)count };
	return socket->ops->receive(socket, &message, 0);
}

static long socket_write(posix_file_t *file, const void *buffer, size_t bytes)
{
	posix_socket_t *socket = file->object;
	struct ax_iovec piece = { (void *)(uintptr_t)buffer, bytes };
	struct ax_msghdr message = { .vector = &piece, .vector_count = 1 };
	long result = socket->ops->send(socket, &message, 0);
	return result == -AX_ERR_BROKEN_PIPE ? posix_broken_pipe() : result;
}

static long socket_stat(posix_file_t *file, struct ax_stat *stat)
{
	enum { S_IFSOCK = 0140000, BLOCK = 4096 };
	*stat = (struct ax_stat){ .st_ino = (uintptr_t)file->object, .st_nlink = 1, .st_mode = S_IFSOCK | 0777, .st_blksize = BLOCK };
	return 0;
}

static long socket_ioctl(posix_file_t *file, unsigned long request, void *argument)
{
	posix_socket_t *socket = file->object;
	if (request != AX_FIONREAD)
		return -AX_ERR_NOT_A_TERMINAL;
	long bytes = socket->ops->available(socket);
	if (bytes < 0)
		return bytes;
	*(int *)argument = (int)bytes;
	return 0;
}

static unsigned socket_events(posix_file_t *file)
{
	posix_socket_t *socket = file->object;
	return socket->ops->events(socket);
}

static void socket_release(posix_file_t *file)
{
	posix_socket_t *socket = file->object;
	socket->ops->release(socket);
}

static const posix_file_ops_t s_ops = {
	.read = socket_read, .write = socket_write, .readv = socket_readv, .writev = socket_writev, .stat = socket_stat,
	.ioctl = socket_ioctl, .events = socket_events, .release = socket_release,
};

/* ---------------------------------------------------------------------------------------------------- options */

static long set_timeout(const void *value, unsigned bytes, uint64_t *timeout_ns)
{
	enum { NS_PER_US = 1000, US_PER_SEC = 1000000 };
	struct ax_timeval time;
	if (bytes < sizeof time)
		return -AX_ERR_INVALID_INPUT;
	memcpy(&time, value, sizeof time);
	if (time.tv_sec < 0 || time.tv_usec < 0 || time.tv_usec >= US_PER_SEC)
		return -AX_ERR_OUT_OF_RANGE;
	uint64_t ns;
	if (__builtin_mul_overflow((uint64_t)time.tv_sec, AX_NS_PER_SEC, &ns))
		ns = UINT64_MAX / 2;
	*timeout_ns = posix_add_saturating(ns, (uint64_t)time.tv_usec * NS_PER_US);
	return 0;
}

static long set_linger(posix_socket_t *socket, const void *value, unsigned bytes)
{
	struct ax_linger linger;
	if (bytes < sizeof linger)
		return -AX_ERR_INVALID_INPUT;
	memcpy(&linger, value, sizeof linger);
	socket->linger_on = linger.on;
	socket->linger_seconds = linger.seconds;
	return 0;
}

/* What cannot be is cut to what can, as on Linux; a negative number is a large one there. */
static void set_buffer(posix_socket_t *socket, int *buffer, int bytes)
{
	enum { LEAST = 16 * 1024, MOST = 512 * 1024 };
	*buffer = bytes < 0 || bytes > MOST ? MOST : AX_MAX(bytes, LEAST);
	if (socket->ops->set_buffers)
		socket->ops->set_buffers(socket);
}

long ax_sys_setsockopt(int fd, int level, int name, const void *value, unsigned bytes)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	int number = 0;
	if (level == AX_SOL_SOCKET && (name == AX_SO_RCVTIMEO || name == AX_SO_SNDTIMEO))
		return set_timeout(value, bytes, name == AX_SO_RCVTIMEO ? &socket->receive_timeout_ns : &socket->send_timeout_ns);
	if (level == AX_SOL_SOCKET && name == AX_SO_LINGER)
		return set_linger(socket, value, bytes);
	if (bytes >= sizeof number)
		memcpy(&number, value, sizeof number);
	else if (level == AX_SOL_SOCKET)
		return -AX_ERR_INVALID_INPUT;
	if (level == AX_SOL_SOCKET && (name == AX_SO_REUSEADDR || name == AX_SO_REUSEPORT))
		socket->reuse_address = number;
	else if (level == AX_SOL_SOCKET && (name == AX_SO_RCVBUF || name == AX_SO_SNDBUF))
		set_buffer(socket, name == AX_SO_RCVBUF ? &socket->receive_bytes : &socket->send_bytes, number);
	else if (level == AX_SOL_SOCKET && (name == AX_SO_PRIORITY || name == AX_SO_DONTROUTE || name == AX_SO_OOBINLINE ||
					    name == AX_SO_RCVLOWAT))
		return 0; /* hints */
	else
		return socket->ops->set_option ? socket->ops->set_option(socket, level, name, value, bytes) : -AX_ERR_NO_OPTION;
	return 0;
}

static void give_value(const void *from, size_t from_bytes, void *to, unsigned *bytes)
{
	*bytes = (unsigned)AX_MIN((size_t)*bytes, from_bytes);
	memcpy(to, from, *bytes);
}

/* The options that are no int. */
static bool get_structure(posix_socket_t *socket, int name, void *value, unsigned *bytes)
{
	enum { NS_PER_US = 1000 };
	if (name == AX_SO_RCVTIMEO || name == AX_SO_SNDTIMEO) {
		uint64_t ns = name == AX_SO_RCVTIMEO ? socket->receive_timeout_ns : socket->send_timeout_ns;
		struct ax_timeval time = { (int64_t)(ns / AX_NS_PER_SEC), (int64_t)(ns % AX_NS_PER_SEC / NS_PER_US) };
		give_value(&time, sizeof time, value, bytes);
	} else if (name == AX_SO_LINGER) {
		struct ax_linger linger = { socket->linger_on, socket->linger_seconds };
		give_value(&linger, sizeof linger, value, bytes);
	} else if (name == AX_SO_PEERCRED && socket->family == AX_AF_UNIX) {
		struct ax_ucred self = { (int)ax_sys_getpid(), 0, 0 };
		give_value(&self, sizeof self, value, bytes);
	} else {
		return false;
	}
	return true;
}

static long get_number(posix_socket_t *socket, int level, int name, int *number)
{
	if (level != AX_SOL_SOCKET)
		return socket->ops->get_option ? socket->ops->get_option(socket, level, name, number) : -AX_ERR_NO_OPTION;
	switch (name) {
	case AX_SO_ERROR:
		*number = socket->ops->take_error(socket);
		return 0;
	case AX_SO_TYPE:
		*number = socket->type;
		return 0;
	case AX_SO_DOMAIN:
		*number = socket->family;
		return 0;
	case AX_SO_PROTOCOL:
		*number = socket->protocol;
		return 0;
	case AX_SO_REUSEADDR:
	case AX_SO_REUSEPORT:
		*number = socket->reuse_address;
		return 0;
	case AX_SO_RCVBUF:
		*number = socket->receive_bytes;
		return 0;
	case AX_SO_SNDBUF:
		*number = socket->send_bytes;
		return 0;
	default:
		return socket->ops->get_option ? socket->ops->get_option(socket, level, name, number) : -AX_ERR_NO_OPTION;
	}
}

long ax_sys_getsockopt(int fd, int level, int name, void *value, unsigned *bytes)
{
	POSIX_CALL();
	SOCKET(file, socket, fd);
	int number = 0;
	if (level == AX_SOL_SOCKET && get_structure(socket, name, value, bytes))
		return 0;
	long error = get_number(socket, level, name, &number);
	if (!error)
		give_value(&number, sizeof number, value, bytes);
	return error;
}
