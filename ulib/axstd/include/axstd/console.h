/* SPDX-License-Identifier: Apache-2.0 */
/* The console for applications. */
#pragma once

#include <stddef.h>

#pragma GCC visibility push(default)

/** Print, printf-class (no floating point: axlibc's printf has that). Any context. Of CPUs that print at the same time,
 *  each one's text stays together up to 256 bytes. */
__attribute__((format(printf, 1, 2))) void ax_print(const char *format, ...);

/** The same into memory: at most @p capacity bytes, NUL included. @return the length of all of it, less the NUL, even if cut */
__attribute__((format(printf, 3, 4))) size_t ax_print_to(char *buffer, size_t capacity, const char *format, ...);

/**
 * Read one line without its newline, NUL-terminated; echoes what is typed. Waits; thread context.
 * @return its length, cut to @p capacity - 1; -1 at the end of input
 */
long ax_read_line(char *line, size_t capacity);

#pragma GCC visibility pop
