/* SPDX-License-Identifier: Apache-2.0 */
/* A connection, and what is answered on it. */
#pragma once

#include <axstd/axstd.h>
#include <http_message/http_message.h>

enum {
	HEAD_BYTES_MAX = 8192,
	CHUNK_BYTES = 65536, /* of a file, at a time */
};

typedef struct connection {
	ax_tcp_t *peer;
	const char *folder;      /* where "/" is */
	bool close;              /* after this answer */
	size_t received;         /* bytes in `in` */
	char in[HEAD_BYTES_MAX];
	char out[CHUNK_BYTES];
} connection_t;

/** Serve requests until either side ends it. */
void serve(connection_t *connection);

/** Answer the request; @p head is NULL if it cannot be read. */
ax_err_t answer(connection_t *connection, const http_head_t *head);

/** Answer with a status and a line of text; sets `close` for those after which nothing more can be read. */
ax_err_t answer_status(connection_t *connection, const http_head_t *head, unsigned status);
