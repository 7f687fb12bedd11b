/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For unit tests of code that PANICs: include it in one file of a test binary, which gets a panic_handler() that
 * jumps back into the test. CHECK_PANIC(statement, "text") passes when the statement panics with that text in it.
 */
#pragma once

#include <axtest.h>
#include <panic/handler.h>

static jmp_buf s_axpanic_return;
static bool s_axpanic_expected;
static char s_axpanic_message[256];

void panic_handler(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(s_axpanic_message, sizeof s_axpanic_message, format, arguments);
	va_end(arguments);
	if (s_axpanic_expected)
		longjmp(s_axpanic_return, 1);
	fprintf(stderr, "%s:%d: panic: %s\n", file, line, s_axpanic_message);
	abort();
}

#define CHECK_PANIC(statement, text)                                                               \
	do {                                                                                       \
		s_axpanic_message[0] = 0;                                                          \
		s_axpanic_expected = true;                                                         \
		if (!setjmp(s_axpanic_return)) {                                                   \
			statement;                                                                 \
		}                                                                                  \
		s_axpanic_expected = false;                                                        \
		if (!strstr(s_axpanic_message, text))                                              \
			fprintf(stderr, "panic message: \"%s\"\n", s_axpanic_message);             \
		CHECK(strstr(s_axpanic_message, text));                                            \
	} while (0)
