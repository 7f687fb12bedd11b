/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of the native API as apps/httpserver uses, on Linux: so `ax bench net` has the same server beside ours, in a guest
 * and on the host. A connection is a descriptor, a thread a detached one of the C library's; patience is the socket's
 * time-out, set once, so that the calls are those that a server for Linux would make.
 */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int ax_err_t; /* an errno */

enum {
	AX_OK = 0,
	AX_ERR_TIMED_OUT = EAGAIN,
	AX_ERR_CONNECTION_ABORTED = ECONNABORTED,
	AX_ERR_IO = EIO,
	AX_ERR_NOT_FOUND = ENOENT,
	AX_ERR_NOT_A_DIRECTORY = ENOTDIR,
	AX_ERR_NAME_TOO_LONG = ENAMETOOLONG,
	AX_ERR_ACCESS_DENIED = EACCES,
	AX_ERR_TOO_MANY_SYMLINKS = ELOOP,
	AX_ERR_IS_A_DIRECTORY = EISDIR,
};

enum { VFS_TYPE_MASK = S_IFMT, VFS_DIRECTORY = S_IFDIR, VFS_REGULAR = S_IFREG };
enum { AX_OPEN_READ = O_RDONLY, AX_OPEN_DIRECTORY = O_DIRECTORY };
#define AX_NET_FOREVER UINT64_MAX

#define ax_print    printf
#define ax_print_to(...) ((size_t)snprintf(__VA_ARGS__))
#define ax_alloc    malloc
#define ax_free     free
#define ax_err_text strerror

static inline uint64_t axhal_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline void ax_native_free(void *memory)
{
	free(*(void **)memory);
}
#define AX_SCOPED_MEMORY __attribute__((cleanup(ax_native_free)))

/* Files. */

typedef struct ax_file {
	int fd; /* 0: none */
} ax_file_t;

typedef struct ax_stat {
	uint32_t mode;
	uint64_t size;
} ax_stat_t;

static inline void ax_native_close_file(ax_file_t *file)
{
	if (file->fd)
		close(file->fd);
}
#define AX_SCOPED_FILE __attribute__((cleanup(ax_native_close_file))) ax_file_t

static inline ax_err_t ax_file_open(const char *path, int flags, ax_file_t *file)
{
	int fd = open(path, flags | O_CLOEXEC);
	file->fd = fd < 0 ? 0 : fd;
	return fd < 0 ? errno : AX_OK;
}

static inline ax_err_t ax_file_stat(const ax_file_t *file, ax_stat_t *out)
{
	struct stat found;
	if (fstat(file->fd, &found))
		return errno;
	*out = (ax_stat_t){ found.st_mode, (uint64_t)found.st_size };
	return AX_OK;
}

static inline ax_err_t ax_file_read_at(const ax_file_t *file, void *buffer, size_t bytes, uint64_t offset, size_t *done)
{
	ssize_t count = pread(file->fd, buffer, bytes, (off_t)offset);
	*done = count < 0 ? 0 : (size_t)count;
	return count < 0 ? errno : AX_OK;
}

/* Threads. */

typedef struct ax_thread_attr {
	bool detached;
} ax_thread_attr_t;

static inline ax_err_t axtask_spawn(const ax_thread_attr_t *attr, void *(*start)(void *), void *argument, void *out)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, start, argument);
	(void)out;
	if (!error && attr->detached)
		pthread_detach(thread);
	return error;
}

/* Sockets: a pointer is the descriptor, which is not 0. */

typedef struct ax_tcp ax_tcp_t;
typedef struct ax_endpoint {
	uint16_t port;
} ax_endpoint_t;

static inline int ax_native_fd(const ax_tcp_t *tcp)
{
	return (int)(intptr_t)tcp;
}

static inline void ax_tcp_close(ax_tcp_t *tcp)
{
	close(ax_native_fd(tcp));
}

static inline void ax_tcp_abort(ax_tcp_t *tcp)
{
	const struct linger now = { 1, 0 };
	setsockopt(ax_native_fd(tcp), SOL_SOCKET, SO_LINGER, &now, sizeof now);
	ax_tcp_close(tcp);
}

static inline void ax_native_close_tcp(ax_tcp_t **tcp)
{
	if (*tcp)
		ax_tcp_close(*tcp);
}
#define AX_SCOPED_TCP __attribute__((cleanup(ax_native_close_tcp))) ax_tcp_t *

static inline ax_err_t ax_tcp_serve(const ax_endpoint_t *local, unsigned backlog, ax_tcp_t **tcp)
{
	const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(local->port) };
	const int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	signal(SIGPIPE, SIG_IGN);
	*tcp = (ax_tcp_t *)(intptr_t)fd;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	return fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) || listen(fd, (int)backlog) ? errno : AX_OK;
}

static inline ax_err_t ax_tcp_accept(ax_tcp_t *listener, uint64_t deadline_ns, ax_tcp_t **tcp)
{
	const struct timeval patience = { .tv_sec = 15 };
	const int fd = accept4(ax_native_fd(listener), NULL, NULL, SOCK_CLOEXEC);
	(void)deadline_ns;
	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	*tcp = (ax_tcp_t *)(intptr_t)fd;
	return AX_OK;
}

static inline void ax_tcp_set_no_delay(ax_tcp_t *tcp, bool no_delay)
{
	const int on = no_delay;
	setsockopt(ax_native_fd(tcp), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static inline ax_err_t ax_tcp_receive(ax_tcp_t *tcp, void *buffer, size_t bytes, uint64_t deadline_ns, size_t *received)
{
	ssize_t count = recv(ax_native_fd(tcp), buffer, bytes, 0);
	(void)deadline_ns;
	*received = count < 0 ? 0 : (size_t)count;
	return count < 0 ? errno : AX_OK;
}

static inline ax_err_t ax_tcp_send(ax_tcp_t *tcp, const void *data, size_t bytes, uint64_t deadline_ns, size_t *sent)
{
	(void)deadline_ns;
	for (*sent = 0; *sent < bytes;) {
		ssize_t count = send(ax_native_fd(tcp), (const char *)data + *sent, bytes - *sent, 0);
		if (count < 0)
			return errno;
		*sent += (size_t)count;
	}
	return AX_OK;
}

static inline ax_err_t ax_tcp_shutdown(ax_tcp_t *tcp, bool receiving, bool sending)
{
	return shutdown(ax_native_fd(tcp), receiving && sending ? SHUT_RDWR : sending ? SHUT_WR : SHUT_RD) ? errno : AX_OK;
}
