/* SPDX-License-Identifier: Apache-2.0 */
/* From a request to its answer: a file, a part of one, or a status with a line of text. */
#include <base/base.h>
#include "server.h"

enum { PATH_BYTES_MAX = 1024, NS_PER_S = 1000000000, SEND_S = 60, FOUND = 200, PART = 206 };

static const char *reason_of(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} s_reasons[] = {
		{ FOUND, "OK" }, { PART, "Partial Content" }, { 301, "Moved Permanently" }, { 400, "Bad Request" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" }, { 408, "Request Timeout" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 416, "Range Not Satisfiable" }, { 431, "Request Header Fields Too Large" },
		{ 501, "Not Implemented" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(s_reasons); i++) {
		if (s_reasons[i].status == status)
			return s_reasons[i].reason;
	}
	return "Internal Server Error";
}

static const char *type_of(const char *path)
{
	static const struct {
		const char *suffix, *type;
	} s_types[] = {
		{ "html", "text/html; charset=utf-8" }, { "css", "text/css" }, { "js", "text/javascript" },
		{ "json", "application/json" }, { "txt", "text/plain; charset=utf-8" }, { "svg", "image/svg+xml" },
		{ "png", "image/png" }, { "jpg", "image/jpeg" },
	};
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < ARRAY_SIZE(s_types); i++) {
		if (!strcmp(dot + 1, s_types[i].suffix))
			return s_types[i].type;
	}
	return "application/octet-stream";
}

static ax_err_t send_all(connection_t *connection, const void *data, size_t bytes)
{
	size_t sent;
	return ax_tcp_send(connection->peer, data, bytes, axhal_now_ns() + (uint64_t)SEND_S * NS_PER_S, &sent);
}

/* The head of an answer. @p more: fields of its own, each with its line's end. */
static ax_err_t send_head(connection_t *connection, unsigned status, const char *type, uint64_t bytes, const char *more)
{
	size_t length = ax_print_to(connection->out, sizeof connection->out,
				    "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %llu\r\n%s%s\r\n", status,
				    reason_of(status), type, (unsigned long long)bytes, more, connection->close ? "Connection: close\r\n" : "");
	return send_all(connection, connection->out, length);
}

static ax_err_t send_text(connection_t *connection, const http_head_t *head, unsigned status, const char *more)
{
	char text[64];
	size_t length = ax_print_to(text, sizeof text, "%u %s\n", status, reason_of(status));
	ax_err_t error = send_head(connection, status, "text/plain; charset=utf-8", length, more);
	return error || (head && http_is(head->method, "HEAD")) ? error : send_all(connection, text, length);
}

ax_err_t answer_status(connection_t *connection, const http_head_t *head, unsigned status)
{
	connection->close |= !head;
	return send_text(connection, head, status, status == 405 ? "Allow: GET, HEAD\r\n" : "");
}

static ax_err_t send_file(connection_t *connection, const ax_file_t *file, uint64_t first, uint64_t end)
{
	while (first < end) {
		size_t bytes;
		size_t wanted = AX_MIN(end - first, (uint64_t)sizeof connection->out);
		ax_err_t error = ax_file_read_at(file, connection->out, wanted, first, &bytes);
		if (!error && !bytes)
			error = AX_ERR_IO; /* shorter than it was: the peer sees it by the missing bytes */
		if (!error)
			error = send_all(connection, connection->out, bytes);
		if (error)
			return error;
		first += bytes;
	}
	return AX_OK;
}

static ax_err_t answer_file(connection_t *connection, const http_head_t *head, const char *path, const ax_file_t *file,
			    uint64_t size)
{
	char more[128] = "Accept-Ranges: bytes\r\n";
	http_text_t value = {};
	uint64_t first = 0, end = size;
	unsigned status = FOUND;
	http_range_result_t range = HTTP_RANGE_ALL;
	if (http_field(head, "Range", &value) == 1)
		range = http_range(value, size, &first, &end);
	if (range == HTTP_RANGE_UNSATISFIABLE) {
		ax_print_to(more, sizeof more, "Content-Range: bytes */%llu\r\n", (unsigned long long)size);
		return send_text(connection, head, 416, more);
	}
	if (range == HTTP_RANGE_PART) {
		status = PART;
		ax_print_to(more, sizeof more, "Content-Range: bytes %llu-%llu/%llu\r\n", (unsigned long long)first,
			    (unsigned long long)end - 1, (unsigned long long)size);
	}
	ax_err_t error = send_head(connection, status, type_of(path), end - first, more);
	return error || http_is(head->method, "HEAD") ? error : send_file(connection, file, first, end);
}

static unsigned status_of(ax_err_t error)
{
	switch (error) {
	case AX_ERR_NOT_FOUND:
	case AX_ERR_NOT_A_DIRECTORY:
	case AX_ERR_NAME_TOO_LONG:
		return 404;
	case AX_ERR_ACCESS_DENIED:
	case AX_ERR_TOO_MANY_SYMLINKS:
		return 403;
	default:
		return 500;
	}
}

static bool ends_in_slash(const char *path)
{
	return path[strlen(path) - 1] == '/';
}

/* A directory without its slash is elsewhere: links of its page are relative to it. @p path is as it was asked for. */
static ax_err_t send_elsewhere(connection_t *connection, const http_head_t *head)
{
	char more[PATH_BYTES_MAX + 32];
	const char *query = memchr(head->target.start, '?', head->target.bytes);
	size_t bytes = query ? (size_t)(query - head->target.start) : head->target.bytes;
	ax_print_to(more, sizeof more, "Location: %.*s/\r\n", (int)AX_MIN(bytes, (size_t)PATH_BYTES_MAX), head->target.start);
	return send_text(connection, head, 301, more);
}

static ax_err_t answer_path(connection_t *connection, const http_head_t *head, const char *asked)
{
	char path[2 * PATH_BYTES_MAX];
	ax_stat_t stat;
	AX_SCOPED_FILE file = {};
	const char *folder = ends_in_slash(connection->folder) ? asked + 1 : asked;
	if (ax_print_to(path, sizeof path, "%s%s%s", connection->folder, folder, ends_in_slash(asked) ? "index.html" : "") >=
	    sizeof path)
		return answer_status(connection, head, 414);
	ax_err_t error = ax_file_open(path, AX_OPEN_READ, &file);
	if (error == AX_ERR_IS_A_DIRECTORY)
		return send_elsewhere(connection, head);
	if (!error)
		error = ax_file_stat(&file, &stat);
	if (error)
		return answer_status(connection, head, status_of(error));
	if ((stat.mode & VFS_TYPE_MASK) == VFS_DIRECTORY)
		return send_elsewhere(connection, head);
	if ((stat.mode & VFS_TYPE_MASK) != VFS_REGULAR)
		return answer_status(connection, head, 403);
	return answer_file(connection, head, path, &file, stat.size);
}

/* What HTTP/1.1 wants of every request: one Host. It stays connected unless told otherwise; HTTP/1.0 does not. */
static bool read_options(connection_t *connection, const http_head_t *head)
{
	http_text_t value = {};
	connection->close = !head->minor || (http_field(head, "Connection", &value) && http_has(value, "close"));
	return !head->minor || http_field(head, "Host", &value) == 1;
}

ax_err_t answer(connection_t *connection, const http_head_t *head)
{
	char path[PATH_BYTES_MAX];
	if (!read_options(connection, head))
		return answer_status(connection, head, 400);
	if (!http_is(head->method, "GET") && !http_is(head->method, "HEAD"))
		return answer_status(connection, head, 405);
	switch (http_path(head->target, path, sizeof path)) {
	case HTTP_PATH_OK:
		return answer_path(connection, head, path);
	case HTTP_PATH_TOO_LONG:
		return answer_status(connection, head, 414);
	case HTTP_PATH_OUTSIDE:
		return answer_status(connection, head, 403);
	default:
		return answer_status(connection, head, 400);
	}
}
