/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockets as open files. The calls (socket.c) are the same for all; what differs is a table of operations: Internet
 * sockets are axnet's (inet.c, feature `net`), Unix-domain ones pairs of queues here (unix.c). No operation waits: it does what it
 * can at once, else it returns -AX_ERR_WOULD_BLOCK, and the call waits by posix_file_wait(). Each returns a value or a
 * negated errno. Thread context.
 */
#pragma once

#include "descriptor.h"

#include <posix_api/abi_socket.h>

typedef struct posix_socket posix_socket_t;

typedef struct posix_socket_ops {
	long (*bind)(posix_socket_t *socket, const struct ax_sockaddr *address, unsigned bytes);
	/* -AX_ERR_IN_PROGRESS: wait until it can be written, then ask SO_ERROR. */
	long (*connect)(posix_socket_t *socket, const struct ax_sockaddr *address, unsigned bytes);
	long (*listen)(posix_socket_t *socket, int backlog);
	long (*accept)(posix_socket_t *socket, posix_socket_t **accepted);
	/* Of a stream perhaps a part. */
	long (*send)(posix_socket_t *socket, const struct ax_msghdr *message, int flags);
	long (*receive)(posix_socket_t *socket, struct ax_msghdr *message, int flags);
	/* Write the own or the peer's address. @return its length */
	long (*name)(posix_socket_t *socket, bool peer, struct ax_sockaddr_storage *address);
	long (*shutdown)(posix_socket_t *socket, bool receiving, bool sending);
	/* receive_bytes or send_bytes has been set. NULL: it is looked at. */
	void (*set_buffers)(posix_socket_t *socket);
	/* Options that the kind knows, *value being the int that most are: -AX_ERR_NO_OPTION for others. */
	long (*set_option)(posix_socket_t *socket, int level, int name, const void *value, unsigned bytes);
	long (*get_option)(posix_socket_t *socket, int level, int name, int *value);
	int (*take_error)(posix_socket_t *socket); /* errno, told once */
	long (*available)(posix_socket_t *socket);
	unsigned (*events)(posix_socket_t *socket);
	void (*release)(posix_socket_t *socket);   /* the structure too */
} posix_socket_ops_t;

struct posix_socket {
	const posix_socket_ops_t *ops;
	posix_readiness_t readiness;
	int family, type, protocol;
	bool reuse_address, keep_alive, linger_on;
	int linger_seconds;
	int receive_bytes, send_bytes;                /* buffers */
	uint64_t receive_timeout_ns, send_timeout_ns; /* 0: none */
};

/** A new Internet socket, or a negated errno (inet.c, or no_inet.c without feature `net`). */
long posix_inet_new(int family, int type, int protocol, posix_socket_t **socket);

/** The program ends: what its connections have sent is delivered, and they are closed, before power is lost. */
void posix_inet_end(void);

/** A new Unix-domain one, and two that are connected (unix.c). */
long posix_unix_new(int type, posix_socket_t **socket);
long posix_unix_pair(int type, posix_socket_t *sockets[2]);

/** Bytes of all pieces of the message. */
static inline size_t posix_message_bytes(const struct ax_msghdr *message)
{
	size_t bytes = 0;
	for (size_t i = 0; i < message->vector_count; i++)
		bytes += message->vector[i].length;
	return bytes;
}
