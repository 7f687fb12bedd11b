/* SPDX-License-Identifier: Apache-2.0 */
/* From a request's target to a path. */
#include <http_message/http_message.h>
#include <memstr/memstr.h>

/* The next character of the target, escapes resolved; -1: a bad one. */
static int take_character(http_text_t *text)
{
	enum { ESCAPE_DIGITS = 2 };
	uint64_t code;
	char c = *text->start++;
	text->bytes--;
	if (c != '%')
		return (unsigned char)c;
	if (text->bytes < ESCAPE_DIGITS || !http_hexadecimal((http_text_t){ text->start, ESCAPE_DIGITS }, &code) || !code)
		return -1;
	text->start += ESCAPE_DIGITS;
	text->bytes -= ESCAPE_DIGITS;
	return (int)code;
}

/* The last component, from behind its slash to @p length, has ended: dots go. @return the new length, or 0: above the root */
static size_t end_component(const char *path, size_t start, size_t length)
{
	size_t bytes = length - start;
	if (!bytes || (bytes == 1 && path[start] == '.'))
		return start;
	if (bytes != 2 || path[start] != '.' || path[start + 1] != '.')
		return length;
	if (start == 1)
		return 0;
	do {
		start--;
	} while (path[start - 1] != '/');
	return start;
}

http_path_result_t http_path(http_text_t target, char *path, size_t capacity)
{
	size_t length = 0, start = 0;
	if (!target.bytes || *target.start != '/')
		return HTTP_PATH_MALFORMED;
	while (target.bytes && *target.start != '?' && *target.start != '#') {
		int c = take_character(&target);
		if (c < 0)
			return HTTP_PATH_MALFORMED;
		if (c == '/' && length) {
			length = end_component(path, start, length);
			if (!length)
				return HTTP_PATH_OUTSIDE;
			start = length;
			if (path[length - 1] == '/')
				continue;
		}
		if (length + 1 >= capacity)
			return HTTP_PATH_TOO_LONG;
		path[length++] = (char)c;
		if (c == '/')
			start = length;
	}
	length = end_component(path, start, length);
	if (!length)
		return HTTP_PATH_OUTSIDE;
	path[length] = '\0';
	return HTTP_PATH_OK;
}
