/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <http_message/http_message.h>
#include <string.h>

#define TEXT(literal) ((http_text_t){ (literal), sizeof(literal) - 1 })

static bool request(const char *text, http_head_t *head)
{
	return http_read_request(text, strlen(text), head);
}

static bool equals(http_text_t text, const char *word)
{
	return text.bytes == strlen(word) && !memcmp(text.start, word, text.bytes);
}

TEST(a_head_ends_at_the_empty_line_and_not_before)
{
	const char text[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
	CHECK_EQ(http_head_bytes(text, sizeof text - 1), sizeof text - 1 - 4);
	for (size_t bytes = 0; bytes < sizeof text - 1 - 4; bytes++)
		CHECK_EQ(http_head_bytes(text, bytes), 0);
	CHECK_EQ(http_head_bytes("GET / HTTP/1.0\n\n", 16), 16);
}

TEST(a_request_is_its_method_target_version_and_fields)
{
	http_head_t head;
	http_text_t value;
	CHECK(request("GET /a%20b?c HTTP/1.1\r\nHost:  example \r\naccept: x\r\nAccept: y\r\n\r\n", &head));
	CHECK(equals(head.method, "GET") && equals(head.target, "/a%20b?c"));
	CHECK_EQ(head.minor, 1);
	CHECK_EQ(http_field(&head, "host", &value), 1);
	CHECK(equals(value, "example"));
	CHECK_EQ(http_field(&head, "ACCEPT", &value), 2);
	CHECK(equals(value, "x"));
	CHECK_EQ(http_field(&head, "cookie", &value), 0);
}

TEST(what_could_be_read_in_two_ways_is_refused)
{
	static const char *const wrong[] = {
		"\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n",
		"GET  / HTTP/1.1\r\n\r\n",
		"G(T / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\n: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "GET / HTTP/1.1\r\nA: \001\r\n\r\n",
		"GET /\001 HTTP/1.1\r\n\r\n",
	};
	http_head_t head;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		CHECK(!request(wrong[i], &head));
}

TEST(a_response_is_its_status_and_fields)
{
	http_head_t head;
	http_text_t value;
	const char text[] = "HTTP/1.0 404 Not Found\r\nContent-Length: 3\r\n\r\n";
	CHECK(http_read_response(text, sizeof text - 1, &head));
	CHECK_EQ(head.status, 404);
	CHECK_EQ(head.minor, 0);
	CHECK_EQ(http_field(&head, "content-length", &value), 1);
	CHECK(http_read_response("HTTP/1.1 200\r\n\r\n", 16, &head));
	CHECK(!http_read_response("HTTP/1.1 20\r\n\r\n", 15, &head));
	CHECK(!http_read_response("HTTP/1.1 2000\r\n\r\n", 17, &head));
	CHECK(!http_read_response("HTTP/1.1 099\r\n\r\n", 16, &head));
}

TEST(words_between_commas_are_found_whatever_their_case)
{
	CHECK(http_has(TEXT("keep-alive, Close"), "close"));
	CHECK(http_has(TEXT("close"), "close"));
	CHECK(!http_has(TEXT("closed, disclose"), "close"));
	CHECK(!http_has(TEXT(""), "close"));
}

TEST(numbers_are_digits_alone_and_fit_into_64_bits)
{
	uint64_t number;
	CHECK(http_decimal(TEXT("18446744073709551615"), &number) && number == UINT64_MAX);
	CHECK(!http_decimal(TEXT("18446744073709551616"), &number));
	CHECK(!http_decimal(TEXT(""), &number));
	CHECK(!http_decimal(TEXT("+1"), &number));
	CHECK(!http_decimal(TEXT("a"), &number));
	CHECK(http_hexadecimal(TEXT("fF"), &number) && number == 255);
	CHECK(!http_hexadecimal(TEXT("0x1"), &number));
}

static void check_path(http_text_t target, const char *wanted)
{
	char path[64];
	CHECK(http_path(target, path, sizeof path) == HTTP_PATH_OK);
	CHECK_STR(path, wanted);
}

TEST(a_path_is_without_query_escapes_and_dots)
{
	check_path(TEXT("/"), "/");
	check_path(TEXT("/a/b?c=/d"), "/a/b");
	check_path(TEXT("/a%20b%2fc"), "/a b/c");
	check_path(TEXT("/a/./b//c/"), "/a/b/c/");
	check_path(TEXT("/a/b/../c"), "/a/c");
	check_path(TEXT("/a/.."), "/");
	check_path(TEXT("/a/..b/...c"), "/a/..b/...c");
}

TEST(a_path_does_not_leave_the_root_nor_the_buffer)
{
	char path[8];
	CHECK(http_path(TEXT("/.."), path, sizeof path) == HTTP_PATH_OUTSIDE);
	CHECK(http_path(TEXT("/a/../../b"), path, sizeof path) == HTTP_PATH_OUTSIDE);
	CHECK(http_path(TEXT("/%2e%2e/x"), path, sizeof path) == HTTP_PATH_OUTSIDE);
	CHECK(http_path(TEXT("/1234567"), path, sizeof path) == HTTP_PATH_TOO_LONG);
	CHECK(http_path(TEXT("/123456"), path, sizeof path) == HTTP_PATH_OK);
	CHECK(http_path(TEXT("a"), path, sizeof path) == HTTP_PATH_MALFORMED);
	CHECK(http_path(TEXT("/%0"), path, sizeof path) == HTTP_PATH_MALFORMED);
	CHECK(http_path(TEXT("/%00"), path, sizeof path) == HTTP_PATH_MALFORMED);
	CHECK(http_path(TEXT("/%g0"), path, sizeof path) == HTTP_PATH_MALFORMED);
}

static void check_range(http_text_t value, http_range_result_t wanted, uint64_t wanted_first, uint64_t wanted_end)
{
	uint64_t first, end;
	CHECK(http_range(value, 100, &first, &end) == wanted);
	if (wanted != HTTP_RANGE_UNSATISFIABLE) {
		CHECK_EQ(first, wanted_first);
		CHECK_EQ(end, wanted_end);
	}
}

TEST(a_range_is_a_part_or_the_whole_or_not_there)
{
	check_range(TEXT("bytes=0-9"), HTTP_RANGE_PART, 0, 10);
	check_range(TEXT("bytes=90-"), HTTP_RANGE_PART, 90, 100);
	check_range(TEXT("bytes=90-1000"), HTTP_RANGE_PART, 90, 100);
	check_range(TEXT("bytes=-10"), HTTP_RANGE_PART, 90, 100);
	check_range(TEXT("bytes=-1000"), HTTP_RANGE_PART, 0, 100);
	check_range(TEXT("bytes=100-"), HTTP_RANGE_UNSATISFIABLE, 0, 0);
	check_range(TEXT("bytes=-0"), HTTP_RANGE_UNSATISFIABLE, 0, 0);
	check_range(TEXT("bytes=5-4"), HTTP_RANGE_ALL, 0, 100);
	check_range(TEXT("bytes=1-2,4-5"), HTTP_RANGE_ALL, 0, 100);
	check_range(TEXT("lines=1-2"), HTTP_RANGE_ALL, 0, 100);
}
