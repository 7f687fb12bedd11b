/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP (RFC 9293): streams of bytes. A socket is new, then bound or not, then either listens or connects; ax_tcp_accept()
 * gives connected ones. Waiting, locks and context: axnet.h.
 *
 *	AX_SCOPED_TCP listener = NULL;
 *	error = ax_tcp_serve(&(ax_endpoint_t){ .port = 7 }, 128, &listener);
 *	for (;;) {
 *		AX_SCOPED_TCP peer = NULL;
 *		error = ax_tcp_accept(listener, AX_NET_FOREVER, &peer);
 *		...
 *	}
 *
 * Without a copy: ax_tcp_borrow() shows received bytes where the interface put them, and ax_tcp_return() gives them back;
 * ax_tcp_lend() sends from the caller's memory, which must not change until the peer has the bytes.
 */
#pragma once

#include <axnet/axnet.h>

#pragma GCC visibility push(default)

typedef struct ax_tcp ax_tcp_t;

/** A socket of @p family. @retval AX_ERR_NO_MEMORY  no memory */
ax_err_t ax_tcp_new(ax_ip_family_t family, ax_tcp_t **tcp);

/**
 * Close and release; NULL does nothing. What was sent still arrives, if the peer takes it. Bytes that were received and not
 * read, or lent and not taken yet, make it a reset.
 */
void ax_tcp_close(ax_tcp_t *tcp);

/** Release; the peer sees a reset. */
void ax_tcp_abort(ax_tcp_t *tcp);

/**
 * Take a local address, port 0 for a free one.
 * @param reuse  also one that connections in TIME_WAIT have
 * @retval AX_ERR_ADDRESS_IN_USE         somebody has it
 * @retval AX_ERR_ADDRESS_NOT_AVAILABLE  it is not this machine's
 * @retval AX_ERR_INVALID_INPUT          bound already, or of another family
 */
ax_err_t ax_tcp_bind(ax_tcp_t *tcp, const ax_endpoint_t *local, bool reuse);

/**
 * Listen.
 * @param backlog  connections that wait to be accepted, at most; cut to 1 to 4096. One more is reset
 * @retval AX_ERR_INVALID_INPUT  connected
 * @retval AX_ERR_NO_MEMORY      no memory
 */
ax_err_t ax_tcp_listen(ax_tcp_t *tcp, unsigned backlog);

/** ax_tcp_new(), ax_tcp_bind() with reuse, ax_tcp_listen(): one that serves both families if @p local is of neither. */
ax_err_t ax_tcp_serve(const ax_endpoint_t *local, unsigned backlog, ax_tcp_t **tcp);

/** The next connection, the caller's to close. @retval AX_ERR_INVALID_INPUT  it does not listen */
ax_err_t ax_tcp_accept(ax_tcp_t *listener, uint64_t deadline_ns, ax_tcp_t **tcp);

/**
 * Begin to connect. The end of it is AX_NET_WRITABLE, and what ax_tcp_connected() says.
 * @retval AX_ERR_IN_PROGRESS          it has begun
 * @retval AX_ERR_ALREADY              so it had before
 * @retval AX_ERR_CONNECTED            it is connected
 * @retval AX_ERR_NETWORK_UNREACHABLE  no way leads there
 */
ax_err_t ax_tcp_start_connect(ax_tcp_t *tcp, const ax_endpoint_t *remote);

/**
 * Wait until it is connected.
 * @retval AX_ERR_CONNECTION_REFUSED  the peer does not want
 * @retval AX_ERR_TIMED_OUT           no answer, or the deadline passed
 * @retval AX_ERR_NOT_CONNECTED       it does not connect
 */
ax_err_t ax_tcp_connected(ax_tcp_t *tcp, uint64_t deadline_ns);

/** ax_tcp_new(), ax_tcp_start_connect() and ax_tcp_connected(); on an error there is no socket. */
ax_err_t ax_tcp_connect(const ax_endpoint_t *remote, uint64_t deadline_ns, ax_tcp_t **tcp);

/**
 * Receive at least one byte.
 * @param received  how many; 0: the peer sends no more
 * @retval AX_ERR_CONNECTION_RESET  the peer is gone, after all that it sent was read
 * @retval AX_ERR_NOT_CONNECTED     it never was connected
 */
ax_err_t ax_tcp_receive(ax_tcp_t *tcp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *received);

/** As ax_tcp_receive(), but the bytes stay to be received again. */
ax_err_t ax_tcp_peek(ax_tcp_t *tcp, void *buffer, size_t capacity, uint64_t deadline_ns, size_t *received);

/** As ax_tcp_receive(), but shows the next bytes where they are: @p data is valid until they are returned. */
ax_err_t ax_tcp_borrow(ax_tcp_t *tcp, uint64_t deadline_ns, const void **data, size_t *bytes);

/** Give back the first @p bytes of what was borrowed: they have been received. */
void ax_tcp_return(ax_tcp_t *tcp, size_t bytes);

/** Bytes that have been received and not read. */
size_t ax_tcp_available(ax_tcp_t *tcp);

/**
 * Send all of the pieces.
 * @param sent  how many bytes went into the queue, also on an error
 * @retval AX_ERR_BROKEN_PIPE       sending has been shut down, or the peer is gone
 * @retval AX_ERR_CONNECTION_RESET  the peer is gone, and nobody has been told before
 * @retval AX_ERR_NOT_CONNECTED     it never was connected
 */
ax_err_t ax_tcp_send_pieces(ax_tcp_t *tcp, const ax_net_piece_t *pieces, size_t count, uint64_t deadline_ns, size_t *sent);

static inline ax_err_t ax_tcp_send(ax_tcp_t *tcp, const void *data, size_t bytes, uint64_t deadline_ns, size_t *sent)
{
	ax_net_piece_t piece = { data, bytes };
	return ax_tcp_send_pieces(tcp, &piece, 1, deadline_ns, sent);
}

/**
 * As ax_tcp_send(), but the bytes are sent from where they lie, and must stay as they are until ax_tcp_taken() says so.
 * Worth it from some kilobytes on.
 */
ax_err_t ax_tcp_lend(ax_tcp_t *tcp, const void *data, size_t bytes, uint64_t deadline_ns, size_t *sent);

/** Wait until all that was lent has been acknowledged by the peer. @retval AX_ERR_CONNECTION_RESET  it is gone: the memory
 *  is the caller's again, and what the peer has is not known */
ax_err_t ax_tcp_taken(ax_tcp_t *tcp, uint64_t deadline_ns);

/** Receive no more, send no more (the peer sees the end), or both. @retval AX_ERR_NOT_CONNECTED  not connected */
ax_err_t ax_tcp_shutdown(ax_tcp_t *tcp, bool receiving, bool sending);

/** Whether small pieces are sent at once, or held back while others are unacknowledged (Nagle, RFC 1122, 4.2.3.4). */
void ax_tcp_set_no_delay(ax_tcp_t *tcp, bool no_delay);

/** Ask after @p idle_ms without a sign of life, every @p interval_ms, and give up after @p count in vain; idle_ms 0: never. */
void ax_tcp_set_keep_alive(ax_tcp_t *tcp, uint32_t idle_ms, uint32_t interval_ms, uint32_t count);

/** Of the packets to come; a listener's connections have its marks. There are no groups: the multicast ones say nothing. */
void ax_tcp_set_marks(ax_tcp_t *tcp, const ax_net_marks_t *marks);

/**
 * How many bytes wait at most: received to be read, and sent to be acknowledged; cut to what axnet.h says. A listener's
 * connections have its. The window (RFC 9293, 3.8.6) gets no larger than the first; what the peer has been told of before it
 * may still send.
 */
void ax_tcp_set_buffers(ax_tcp_t *tcp, size_t receive_bytes, size_t send_bytes);

/** The own end; unspecified before it is bound. */
void ax_tcp_local(ax_tcp_t *tcp, ax_endpoint_t *local);

/** The peer. @retval AX_ERR_NOT_CONNECTED  there is none */
ax_err_t ax_tcp_remote(ax_tcp_t *tcp, ax_endpoint_t *remote);

/** Why the connection failed, told once (SO_ERROR). */
ax_err_t ax_tcp_take_error(ax_tcp_t *tcp);

bool ax_tcp_is_listening(const ax_tcp_t *tcp);

/** What it is ready for now. No lock. */
unsigned ax_tcp_ready(const ax_tcp_t *tcp);

/** Have @p watch called from now on; NULL: not any more, and it does not run. */
void ax_tcp_watch(ax_tcp_t *tcp, ax_net_watch_t *watch, void *context);

static inline void ax_tcp_leave_scope(ax_tcp_t **tcp)
{
	ax_tcp_close(*tcp);
}

/** `AX_SCOPED_TCP peer = NULL;` is closed when its scope is left. */
#define AX_SCOPED_TCP __attribute__((cleanup(ax_tcp_leave_scope))) ax_tcp_t *

#pragma GCC visibility pop
