/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printf-class formatting (C23 7.23.6.1) into a sink: a function that takes text piece by piece.
 * Conversions d i u x X o c s p and %%; flags - + space 0 #; width and precision, also as *; lengths hh h l ll j z t.
 * No floating point, no n. A null s prints "(null)"; p prints 0x and hexadecimal digits, also for null. What is
 * no conversion is copied as it stands. Any context; no lock, no allocation; about 200 bytes of stack beside
 * the sink's.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#pragma GCC visibility push(default)

/** Takes @p length bytes of @p text, which is not terminated and is valid during the call only. */
typedef void format_sink_t(void *context, const char *text, size_t length);

/** Formats into @p sink; returns how many bytes the sink got. The caller still owns (and ends) @p arguments. */
__attribute__((format(printf, 3, 0))) size_t format_v(format_sink_t *sink, void *context, const char *format,
						      va_list arguments);

/** format_v with the arguments in place. */
__attribute__((format(printf, 3, 4))) size_t format_to(format_sink_t *sink, void *context, const char *format, ...);

/**
 * C's vsnprintf: writes at most @p capacity bytes, terminator included (nothing if 0; @p buffer may then be null).
 * Returns the length of the whole text, without the terminator: not below @p capacity if it was cut.
 */
__attribute__((format(printf, 3, 0))) int format_vsnprintf(char *buffer, size_t capacity, const char *format,
							   va_list arguments);

/** C's snprintf: as format_vsnprintf. */
__attribute__((format(printf, 3, 4))) int format_snprintf(char *buffer, size_t capacity, const char *format, ...);

#pragma GCC visibility pop
