/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of HTTP/1.1 messages (RFC 9112, RFC 9110): what servers and clients read out of what they have received. No memory
 * of its own, no input or output: results point into the caller's buffer. Any context.
 *
 * A head is the start line and the fields, with the empty line that ends them. Strict where a message could be read in two
 * ways: a field's name ends at its colon, no line is folded, no control characters (RFC 9112, 2.2, 5).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** A piece of the head, not terminated. */
typedef struct http_text {
	const char *start;
	size_t bytes;
} http_text_t;

typedef struct http_head {
	http_text_t fields;         /* all lines of them */
	unsigned minor;             /* of HTTP/1.minor */
	http_text_t method, target; /* of a request */
	unsigned status;            /* of a response */
} http_head_t;

/** Bytes of the head that @p data begins with, or 0: its end has not come yet. */
size_t http_head_bytes(const char *data, size_t bytes);

/** Read a request's or a response's head of so many bytes. @return false  it is malformed, or not of HTTP/1 */
bool http_read_request(const char *data, size_t bytes, http_head_t *head);
bool http_read_response(const char *data, size_t bytes, http_head_t *head);

/** The value of the first field of that name, whatever its case. @return how many there are */
unsigned http_field(const http_head_t *head, const char *name, http_text_t *value);

/** Whether the text is that word, whatever its case. */
bool http_is(http_text_t text, const char *word);

/** Whether one of the text's words, between commas, is that word (RFC 9110, 5.6.1). */
bool http_has(http_text_t text, const char *word);

/** A number in decimal or hexadecimal, digits alone. @return false  it is none, or exceeds 64 bits */
bool http_decimal(http_text_t text, uint64_t *number);
bool http_hexadecimal(http_text_t text, uint64_t *number);

typedef enum http_path_result {
	HTTP_PATH_OK,
	HTTP_PATH_MALFORMED, /* not an absolute path, or with a bad escape or a NUL */
	HTTP_PATH_OUTSIDE,   /* leads above the root */
	HTTP_PATH_TOO_LONG,
} http_path_result_t;

/** The path that a request's target names: without its query, escapes (RFC 3986, 2.1) and dots resolved, NUL-terminated. */
http_path_result_t http_path(http_text_t target, char *path, size_t capacity);

typedef enum http_range_result {
	HTTP_RANGE_ALL,           /* none that is understood: the whole */
	HTTP_RANGE_PART,
	HTTP_RANGE_UNSATISFIABLE, /* it lies behind the end */
} http_range_result_t;

/** The part of @p size bytes that a field `Range` with one range of bytes asks for (RFC 9110, 14.1.2): its first byte, and the
 *  one behind its last. */
http_range_result_t http_range(http_text_t value, uint64_t size, uint64_t *first, uint64_t *end);

#pragma GCC visibility pop
