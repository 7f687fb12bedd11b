/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

enum { HTTP_PORT = 80 };

static const char s_scheme[] = "http://";
enum { SCHEME_BYTES = sizeof s_scheme - 1 };

static bool copy(char *to, size_t capacity, const char *from, size_t bytes)
{
	if (bytes >= capacity)
		return false;
	memcpy(to, from, bytes);
	to[bytes] = '\0';
	return true;
}

/* Nothing that would end the request's line. */
static bool is_printable(const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (text[i] <= ' ' || text[i] == 127)
			return false;
	}
	return true;
}

/* `host`, `host:port`, `[address]:port`. */
static bool read_authority(const char *text, size_t bytes, url_t *url)
{
	uint64_t port = HTTP_PORT;
	size_t host_bytes = bytes;
	const char *bracket = bytes && *text == '[' ? memchr(text, ']', bytes) : NULL;
	const char *host = bracket ? text + 1 : text;
	const char *from = bracket ? bracket : text;
	const char *colon = memchr(from, ':', bytes - (size_t)(from - text));
	if (colon) {
		host_bytes = (size_t)(colon - text);
		if (!http_decimal((http_text_t){ colon + 1, bytes - host_bytes - 1 }, &port) || !port || port > UINT16_MAX)
			return false;
	}
	url->port = (uint16_t)port;
	if (bracket)
		host_bytes = (size_t)(bracket - host);
	return host_bytes && copy(url->host, sizeof url->host, host, host_bytes);
}

bool url_read(const char *text, size_t bytes, url_t *url)
{
	if (bytes < SCHEME_BYTES || memcmp(text, s_scheme, SCHEME_BYTES) || !is_printable(text, bytes))
		return false;
	text += SCHEME_BYTES;
	bytes -= SCHEME_BYTES;
	const char *slash = memchr(text, '/', bytes);
	size_t authority_bytes = slash ? (size_t)(slash - text) : bytes;
	if (!read_authority(text, authority_bytes, url))
		return false;
	return slash ? copy(url->path, sizeof url->path, slash, bytes - authority_bytes)
		     : copy(url->path, sizeof url->path, "/", 1);
}

bool url_follow(url_t *url, http_text_t location)
{
	if (location.bytes && *location.start == '/')
		return is_printable(location.start, location.bytes) &&
		       copy(url->path, sizeof url->path, location.start, location.bytes);
	return url_read(location.start, location.bytes, url);
}
