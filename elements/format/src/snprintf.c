/* SPDX-License-Identifier: Apache-2.0 */
/* snprintf over the formatter: a sink that keeps what fits. */
#include <format/format.h>
#include <memstr/memstr.h>

typedef struct bounded {
	char *at;
	size_t room; /* without the terminator */
} bounded_t;

static void keep_what_fits(void *context, const char *text, size_t length)
{
	bounded_t *out = context;
	size_t part = length < out->room ? length : out->room;
	if (!part)
		return;
	memcpy(out->at, text, part);
	out->at += part;
	out->room -= part;
}

int format_vsnprintf(char *buffer, size_t capacity, const char *format, va_list arguments)
{
	bounded_t out = { .at = buffer, .room = capacity ? capacity - 1 : 0 };
	size_t length = format_v(keep_what_fits, &out, format, arguments);
	if (capacity)
		*out.at = '\0';
	return (int)length;
}

int format_snprintf(char *buffer, size_t capacity, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = format_vsnprintf(buffer, capacity, format, arguments);
	va_end(arguments);
	return length;
}
