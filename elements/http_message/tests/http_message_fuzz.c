/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever arrives, nothing outside it is read, and what is read out of it lies inside; a path stays below the root. */
#include <http_message/http_message.h>
#include <stdlib.h>
#include <string.h>

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void expect_inside(http_text_t text, const char *data, size_t bytes)
{
	expect(!text.bytes || (text.start >= data && text.start + text.bytes <= data + bytes));
}

static void read_values(const http_head_t *head, const char *data, size_t bytes)
{
	static const char *const names[] = { "host", "range", "connection", "content-length" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		http_text_t value = {};
		uint64_t first, end;
		if (!http_field(head, names[i], &value))
			continue;
		expect_inside(value, data, bytes);
		(void)http_has(value, "close");
		if (http_range(value, 1000, &first, &end) == HTTP_RANGE_PART)
			expect(first < end && end <= 1000);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1), path[64];
	http_head_t head;
	memcpy(text, data, size);
	size_t bytes = http_head_bytes(text, size);
	expect(bytes <= size);
	if (bytes && http_read_request(text, bytes, &head)) {
		expect_inside(head.target, text, bytes);
		read_values(&head, text, bytes);
		if (http_path(head.target, path, sizeof path) == HTTP_PATH_OK)
			expect(path[0] == '/' && !strstr(path, "/../") && !strstr(path, "//"));
	}
	if (bytes && http_read_response(text, bytes, &head))
		read_values(&head, text, bytes);
	free(text);
	return 0;
}
