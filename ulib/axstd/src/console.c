/* SPDX-License-Identifier: Apache-2.0 */
/* Printing, and reading a line with echo and erase. */
#include <axstd/console.h>
#include "wait.h"

#include <axhal/console.h>
#include <format/format.h>
#include <stdarg.h>

static void to_console([[maybe_unused]] void *context, const char *text, size_t length)
{
	axhal_console_write(text, length);
}

void ax_print(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
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
