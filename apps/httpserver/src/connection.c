/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request after the other. A request ends where its head does, or so many bytes behind it as its Content-Length says, which
 * are read and dropped: no resource here takes any. What cannot be read to its end is answered, and the connection closed.
 */
#include <base/base.h>
#include "server.h"

enum {
	NS_PER_S = 1000000000,
	PATIENCE_S = 15,     /* for the next request, or more of one */
	LINGER_S = 2,        /* for the peer's end, once ours is sent */
	BODY_BYTES_MAX = 1 << 20,
};

static uint64_t in_seconds(uint64_t seconds)
{
	return axhal_now_ns() + seconds * NS_PER_S;
}

static ax_err_t receive_more(connection_t *connection)
{
	size_t bytes;
	ax_err_t error = ax_tcp_receive(connection->peer, connection->in + connection->received,
					HEAD_BYTES_MAX - connection->received, in_seconds(PATIENCE_S), &bytes);
	connection->received += bytes;
	return error ? error : bytes ? AX_OK : AX_ERR_CONNECTION_ABORTED;
}

/* The head's length; 0 with AX_OK: it is longer than HEAD_BYTES_MAX. */
static ax_err_t receive_head(connection_t *connection, size_t *bytes)
{
	for (;;) {
		/* An empty line before a request is passed over (RFC 9112, 2.2). */
		while (connection->received && (connection->in[0] == '\r' || connection->in[0] == '\n'))
			memmove(connection->in, connection->in + 1, --connection->received);
		*bytes = http_head_bytes(connection->in, connection->received);
		if (*bytes || connection->received == HEAD_BYTES_MAX)
			return AX_OK;
		ax_err_t error = receive_more(connection);
		if (error)
			return error;
	}
}

static void drop(connection_t *connection, size_t bytes)
{
	connection->received -= bytes;
	memmove(connection->in, connection->in + bytes, connection->received);
}

/* What follows the head; a status that says what is wrong with it, or 0. */
static unsigned body_bytes(const http_head_t *head, uint64_t *bytes)
{
	http_text_t value;
	*bytes = 0;
	if (http_field(head, "Transfer-Encoding", &value))
		return 501;
	unsigned count = http_field(head, "Content-Length", &value);
	if (count > 1 || (count && !http_decimal(value, bytes)))
		return 400;
	return *bytes > BODY_BYTES_MAX ? 413 : 0;
}

static ax_err_t drop_body(connection_t *connection, uint64_t bytes)
{
	while (bytes) {
		if (!connection->received) {
			ax_err_t error = receive_more(connection);
			if (error)
				return error;
		}
		size_t part = AX_MIN(bytes, (uint64_t)connection->received);
		drop(connection, part);
		bytes -= part;
	}
	return AX_OK;
}

static ax_err_t serve_one(connection_t *connection)
{
	size_t bytes;
	uint64_t body;
	http_head_t head;
	ax_err_t error = receive_head(connection, &bytes);
	if (error == AX_ERR_TIMED_OUT && connection->received)
		return answer_status(connection, NULL, 408);
	if (error)
		return error;
	if (!bytes)
		return answer_status(connection, NULL, memchr(connection->in, '\n', HEAD_BYTES_MAX) ? 431 : 414);
	if (!http_read_request(connection->in, bytes, &head))
		return answer_status(connection, NULL, 400);
	unsigned status = body_bytes(&head, &body);
	if (status) {
		connection->close = true;
		return answer_status(connection, &head, status);
	}
	error = answer(connection, &head);
	if (error || connection->close)
		return error;
	drop(connection, bytes);
	return drop_body(connection, body);
}

/* The end is told before the connection is closed, and the peer has time to read what came before: a close with bytes unread
 * would be a reset that takes the answer along. */
static void end(connection_t *connection)
{
	uint64_t deadline_ns = in_seconds(LINGER_S);
	size_t bytes;
	if (ax_tcp_shutdown(connection->peer, false, true) != AX_OK)
		return;
	while (ax_tcp_receive(connection->peer, connection->in, HEAD_BYTES_MAX, deadline_ns, &bytes) == AX_OK && bytes)
		;
}

void serve(connection_t *connection)
{
	while (!connection->close) {
		if (serve_one(connection) != AX_OK)
			connection->close = true;
	}
	end(connection);
}
