/* SPDX-License-Identifier: Apache-2.0 */
/* Where a URL leads, and what comes from there. */
#pragma once

#include <axstd/axstd.h>
#include <http_message/http_message.h>

enum { HOST_BYTES_MAX = 256, PATH_BYTES_MAX = 2048, BUFFER_BYTES = 16384 };

typedef struct url {
	char host[HOST_BYTES_MAX];
	char path[PATH_BYTES_MAX]; /* with its query */
	uint16_t port;
} url_t;

/** Read `http://host[:port][/path]`. @return false  it is not of that form, or too long */
bool url_read(const char *text, size_t bytes, url_t *url);

/** Follow a field `Location` from @p url (RFC 9110, 10.2.2): a URL, or an absolute path. */
bool url_follow(url_t *url, http_text_t location);

/** What has been received and not been used yet. */
typedef struct stream {
	ax_tcp_t *peer;
	size_t start, end; /* in buffer */
	char buffer[BUFFER_BYTES];
} stream_t;

/** Receive more. *@p bytes 0: the peer sends no more. @retval AX_ERR_NO_BUFFERS  the buffer is full */
ax_err_t stream_fill(stream_t *stream, size_t *bytes);

/** Told of each piece of a body. */
typedef void body_piece_t(void *context, const char *data, size_t bytes);

/** Read the body that follows the head (RFC 9112, 6.3). @retval AX_ERR_INVALID_INPUT  it is malformed
 *  @retval AX_ERR_CONNECTION_ABORTED  it ends too early */
ax_err_t body_read(stream_t *stream, const http_head_t *head, body_piece_t *piece, void *context);
