/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <axhal/console.h>

enum { NS_PER_S = 1000000000, CONNECT_S = 10, FOLLOWED_MAX = 5, REQUEST_BYTES = PATH_BYTES_MAX + HOST_BYTES_MAX + 128 };

static stream_t s_stream;

/* What becomes of a body. */
typedef struct sink {
	bool sum_alone;
	uint64_t bytes;
	uint32_t crc; /* CRC-32 (ISO/IEC 3309), inverted */
} sink_t;

static void take_piece(void *context, const char *data, size_t bytes)
{
	enum { POLYNOMIAL = 0xedb88320u, BITS = 8 };
	sink_t *sink = context;
	sink->bytes += bytes;
	if (!sink->sum_alone) {
		axhal_console_write(data, bytes);
		return;
	}
	for (size_t i = 0; i < bytes; i++) {
		sink->crc ^= (uint8_t)data[i];
		for (unsigned bit = 0; bit < BITS; bit++)
			sink->crc = sink->crc >> 1 ^ (sink->crc & 1 ? POLYNOMIAL : 0);
	}
}

static ax_err_t connect(const url_t *url)
{
	uint64_t deadline_ns = axhal_now_ns() + (uint64_t)CONNECT_S * NS_PER_S;
	ax_endpoint_t remote = { .port = url->port };
	ax_err_t error = ax_dns_resolve(url->host, AX_IP_ANY, deadline_ns, &remote.ip);
	s_stream.start = s_stream.end = 0;
	return error ? error : ax_tcp_connect(&remote, deadline_ns, &s_stream.peer);
}

static ax_err_t send_request(const url_t *url)
{
	char text[REQUEST_BYTES];
	size_t sent;
	const char *open = strchr(url->host, ':') ? "[" : "", *close = *open ? "]" : "";
	size_t bytes = ax_print_to(text, sizeof text,
				   "GET %s HTTP/1.1\r\nHost: %s%s%s:%u\r\nUser-Agent: Ashlar\r\nConnection: close\r\n\r\n",
				   url->path, open, url->host, close, url->port);
	return ax_tcp_send(s_stream.peer, text, bytes, axhal_now_ns() + (uint64_t)CONNECT_S * NS_PER_S, &sent);
}

/* Answers on the way to the one that counts (1xx) are passed over. The head stays in the stream's buffer. */
static ax_err_t receive_head(http_head_t *head)
{
	for (;;) {
		size_t bytes, received;
		while (!(bytes = http_head_bytes(s_stream.buffer + s_stream.start, s_stream.end - s_stream.start))) {
			ax_err_t error = stream_fill(&s_stream, &received);
			if (error || !received)
				return error ? error : AX_ERR_CONNECTION_ABORTED;
		}
		if (!http_read_response(s_stream.buffer + s_stream.start, bytes, head))
			return AX_ERR_INVALID_INPUT;
		if (head->status >= 200)
			break;
		s_stream.start += bytes;
	}
	return AX_OK;
}

static bool is_elsewhere(const http_head_t *head, http_text_t *location)
{
	const unsigned status = head->status;
	return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
	       http_field(head, "Location", location) == 1;
}

/* Of one URL to its end. *@p again: it is elsewhere, and @p url says where. */
static ax_err_t fetch_once(url_t *url, sink_t *sink, unsigned *status, bool *again)
{
	static char s_head[BUFFER_BYTES];
	http_head_t head;
	http_text_t location;
	*again = false;
	ax_err_t error = send_request(url);
	if (!error)
		error = receive_head(&head);
	if (error)
		return error;
	*status = head.status;
	if (is_elsewhere(&head, &location)) {
		*again = true;
		return url_follow(url, location) ? AX_OK : AX_ERR_INVALID_INPUT;
	}
	/* The body is received over what the head lies in. */
	size_t bytes = http_head_bytes(s_stream.buffer + s_stream.start, s_stream.end - s_stream.start);
	memcpy(s_head, s_stream.buffer + s_stream.start, bytes);
	s_stream.start += bytes;
	bool is_good = http_read_response(s_head, bytes, &head);
	return is_good ? body_read(&s_stream, &head, take_piece, sink) : AX_ERR_INVALID_INPUT;
}

static ax_err_t fetch(url_t *url, sink_t *sink, unsigned *status)
{
	for (unsigned i = 0; i <= FOLLOWED_MAX; i++) {
		bool again;
		ax_err_t error = connect(url);
		if (error)
			return error;
		error = fetch_once(url, sink, status, &again);
		ax_tcp_close(s_stream.peer);
		if (error || !again)
			return error;
	}
	return AX_ERR_TOO_MANY_LINKS;
}

static bool serve_argument(const char *text, bool sum_alone)
{
	static url_t s_url;
	sink_t sink = { .sum_alone = sum_alone, .crc = UINT32_MAX };
	unsigned status = 0;
	if (!url_read(text, strlen(text), &s_url)) {
		ax_print("httpclient: %s: not of the form http://host[:port]/path\n", text);
		return false;
	}
	ax_err_t error = fetch(&s_url, &sink, &status);
	if (error)
		ax_print("httpclient: %s: %s\n", s_url.path,
			 error == AX_ERR_INVALID_INPUT ? "the answer is malformed" : ax_err_text(error));
	else if (sum_alone)
		ax_print("%s: status %u, %llu bytes, CRC-32 %08x\n", s_url.path, status, (unsigned long long)sink.bytes,
			 ~sink.crc);
	else if (status >= 300)
		ax_print("httpclient: %s: status %u\n", s_url.path, status);
	return !error && status < 300;
}

int main(int argc, char **argv)
{
	bool sum_alone = false, is_good = true;
	if (argc < 2) {
		ax_print("httpclient: what to fetch? [-s] http://host[:port]/path...\n");
		return 2;
	}
	if (ax_net_wait_configured(axhal_now_ns() + (uint64_t)CONNECT_S * NS_PER_S) != AX_OK)
		ax_print("httpclient: no interface has an address\n");
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-s"))
			sum_alone = true;
		else
			is_good &= serve_argument(argv[i], sum_alone);
	}
	return is_good ? 0 : 1;
}
