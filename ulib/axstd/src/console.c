/* SPDX-License-Identifier: Apache-2.0 */
/* Printing, and reading a line with echo and erase. */
#include <axstd/console.h>
#include <axstd/features.h>
#include "wait.h"

#include <axhal/console.h>
#include <format/format.h>
#include <stdarg.h>

enum { GATHERED_BYTES = 256 }; /* what axhal_console_write() keeps together */

static void to_console([[maybe_unused]] void *context, const char *text, size_t length)
{
	axhal_console_write(text, length);
}

/* Several CPUs: what is printed goes out in one piece, as far as it fits, or lines of two CPUs would mix. */
typedef struct gathered {
	size_t length;
	char text[GATHERED_BYTES];
} gathered_t;

static void gather(void *context, const char *text, size_t length)
{
	gathered_t *gathered = context;
	for (size_t i = 0; i < length; i++) {
		if (gathered->length == sizeof gathered->text) {
			axhal_console_write(gathered->text, gathered->length);
			gathered->length = 0;
		}
		gathered->text[gathered->length++] = text[i];
	}
}

static void print_gathered(const char *format, va_list arguments)
{
	gathered_t gathered;
	gathered.length = 0;
	format_v(gather, &gathered, format, arguments);
	axhal_console_write(gathered.text, gathered.length);
}

void ax_print(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	if (AXSTD_FEATURE_SMP)
		print_gathered(format, arguments);
	else
		format_v(to_console, NULL, format, arguments);
	va_end(arguments);
}

long ax_read_line(char *line, size_t capacity)
{
	size_t length = 0;
	for (;;) {
		char byte = 0;
		long got = axstd_read_input(&byte, 1);
		if (got == AXHAL_CONSOLE_END && length == 0)
			return -1;
		if (got == AXHAL_CONSOLE_END || byte == '\r' || byte == '\n')
			break;
		if (byte == '\b' || byte == 0x7f) {
			if (length > 0) {
				length--;
				axhal_console_write("\b \b", 3);
			}
		} else if (length + 1 < capacity) {
			line[length++] = byte;
			axhal_console_write(&byte, 1);
		}
	}
	axhal_console_write("\n", 1);
	line[length] = '\0';
	return (long)length;
}

size_t ax_print_to(char *buffer, size_t capacity, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = format_vsnprintf(buffer, capacity, format, arguments);
	va_end(arguments);
	return (size_t)length;
}
