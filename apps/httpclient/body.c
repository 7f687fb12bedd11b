/* SPDX-License-Identifier: Apache-2.0 */
/* A response's body: so many bytes, chunks, or all until the end. */
#include <base/base.h>
#include "client.h"

enum { NS_PER_S = 1000000000, PATIENCE_S = 30 };

ax_err_t stream_fill(stream_t *stream, size_t *bytes)
{
	*bytes = 0;
	if (stream->start) {
		memmove(stream->buffer, stream->buffer + stream->start, stream->end - stream->start);
		stream->end -= stream->start;
		stream->start = 0;
	}
	if (stream->end == BUFFER_BYTES)
		return AX_ERR_NO_BUFFERS;
	uint64_t deadline_ns = axhal_now_ns() + (uint64_t)PATIENCE_S * NS_PER_S;
	ax_err_t error = ax_tcp_receive(stream->peer, stream->buffer + stream->end, BUFFER_BYTES - stream->end,
					deadline_ns, bytes);
	stream->end += *bytes;
	return error;
}

/* Pass on @p left bytes, or, if that is UINT64_MAX, all there are. */
static ax_err_t pass_on(stream_t *stream, uint64_t left, body_piece_t *piece, void *context)
{
	const bool to_the_end = left == UINT64_MAX;
	while (left) {
		size_t bytes;
		if (stream->start == stream->end) {
			ax_err_t error = stream_fill(stream, &bytes);
			if (error)
				return error;
			if (!bytes)
				return to_the_end ? AX_OK : AX_ERR_CONNECTION_ABORTED;
		}
		bytes = AX_MIN(left, (uint64_t)(stream->end - stream->start));
		piece(context, stream->buffer + stream->start, bytes);
		stream->start += bytes;
		left -= to_the_end ? 0 : bytes;
	}
	return AX_OK;
}

/* A line without its end; it stays valid until the next is received. */
static ax_err_t take_line(stream_t *stream, http_text_t *line)
{
	for (;;) {
		size_t bytes = stream->end - stream->start;
		const char *start = stream->buffer + stream->start, *end = memchr(start, '\n', bytes);
		if (end) {
			stream->start += (size_t)(end - start) + 1;
			*line = (http_text_t){ start, (size_t)(end - start) };
			line->bytes -= line->bytes && end[-1] == '\r';
			return AX_OK;
		}
		ax_err_t error = stream_fill(stream, &bytes);
		if (error || !bytes)
			return error ? error : AX_ERR_CONNECTION_ABORTED;
	}
}

/* RFC 9112, 7.1: sizes in hexadecimal, extensions passed over, fields behind the last too. */
static ax_err_t read_chunks(stream_t *stream, body_piece_t *piece, void *context)
{
	http_text_t line;
	uint64_t bytes;
	do {
		ax_err_t error = take_line(stream, &line);
		if (error)
			return error;
		const char *extension = line.bytes ? memchr(line.start, ';', line.bytes) : NULL;
		if (extension)
			line.bytes = (size_t)(extension - line.start);
		if (!http_hexadecimal(line, &bytes) || bytes == UINT64_MAX)
			return AX_ERR_INVALID_INPUT;
		error = pass_on(stream, bytes, piece, context);
		if (!error && bytes)
			error = take_line(stream, &line);
		if (error)
			return error;
		if (bytes && line.bytes)
			return AX_ERR_INVALID_INPUT;
	} while (bytes);
	do {
		ax_err_t error = take_line(stream, &line);
		if (error)
			return error;
	} while (line.bytes);
	return AX_OK;
}

ax_err_t body_read(stream_t *stream, const http_head_t *head, body_piece_t *piece, void *context)
{
	http_text_t value;
	uint64_t bytes = UINT64_MAX;
	if (head->status == 204 || head->status == 304)
		return AX_OK;
	if (http_field(head, "Transfer-Encoding", &value))
		return http_is(value, "chunked") ? read_chunks(stream, piece, context) : AX_ERR_NOT_SUPPORTED;
	unsigned count = http_field(head, "Content-Length", &value);
	if (count > 1 || (count && (!http_decimal(value, &bytes) || bytes == UINT64_MAX)))
		return AX_ERR_INVALID_INPUT;
	return pass_on(stream, bytes, piece, context);
}
