/* SPDX-License-Identifier: Apache-2.0 */
/* One log line: formatted into a buffer on the stack, so that a line reaches the console in one piece. */
#include <axlog/axlog.h>

#include <axhal/console.h>
#include <axhal/time.h>
#include <format/format.h>
#include <stdarg.h>
#include <stddef.h>

enum { LINE_BYTES = 256 };

static const char *const s_names[] = { "off", "error", "warn", "info", "debug", "trace" };
static axlog_level_t s_level = AXLOG_WARN;

void axlog_set_level(axlog_level_t level)
{
	s_level = level;
}

static bool same_text(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

bool axlog_level_from_name(const char *name, axlog_level_t *level)
{
	for (size_t i = 0; i < sizeof s_names / sizeof s_names[0]; i++) {
		if (same_text(name, s_names[i])) {
			*level = (axlog_level_t)i;
			return true;
		}
	}
	return false;
}

/* Formats at *used; a line that does not fit is cut, its last byte kept for the newline. */
static void append(char *line, size_t *used, const char *format, va_list arguments)
{
	size_t room = LINE_BYTES - 1 - *used;
	int length = format_vsnprintf(line + *used, room, format, arguments);
	if (length > 0)
		*used += (size_t)length < room ? (size_t)length : room - 1;
}

__attribute__((format(printf, 3, 4))) static void append_format(char *line, size_t *used, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	append(line, used, format, arguments);
	va_end(arguments);
}

void axlog_print(axlog_level_t level, const char *file, int line_number, const char *format, ...)
{
	if (level > s_level)
		return;
	char line[LINE_BYTES];
	size_t used = 0;
#if AXLOG_FEATURE_TIMESTAMP
	uint64_t us = axhal_now_ns() / 1000;
	append_format(line, &used, "[%3llu.%06llu ", (unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000));
#else
	append_format(line, &used, "[");
#endif
	append_format(line, &used, "%-5s %s:%d] ", s_names[level], file, line_number);
	va_list arguments;
	va_start(arguments, format);
	append(line, &used, format, arguments);
	va_end(arguments);
	line[used++] = '\n';
	axhal_console_write(line, used);
}
