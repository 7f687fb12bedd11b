/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's log: ax_error() to ax_trace() print one line to the console, `[seconds LEVEL file:line] text`.
 * Calls below the level chosen at build time compile to nothing; of the rest, those below the level set at run
 * time (environment AX_LOG; `warn` without) print nothing. Any context, interrupts included; takes no lock, so
 * lines of two CPUs may mix.
 */
#pragma once

#include <axlog/features.h>
#include <stdbool.h>

#pragma GCC visibility push(default)

typedef enum axlog_level {
	AXLOG_OFF,
	AXLOG_ERROR,
	AXLOG_WARN,
	AXLOG_INFO,
	AXLOG_DEBUG,
	AXLOG_TRACE,
} axlog_level_t;

/** The level compiled in. */
#define AXLOG_BUILT                                                                                \
	(AXLOG_FEATURE_TRACE   ? AXLOG_TRACE                                                       \
	 : AXLOG_FEATURE_DEBUG ? AXLOG_DEBUG                                                       \
	 : AXLOG_FEATURE_INFO  ? AXLOG_INFO                                                        \
	 : AXLOG_FEATURE_WARN  ? AXLOG_WARN                                                        \
	 : AXLOG_FEATURE_ERROR ? AXLOG_ERROR                                                       \
			       : AXLOG_OFF)

#define ax_error(...) AXLOG_AT(AXLOG_ERROR, __VA_ARGS__)
#define ax_warn(...)  AXLOG_AT(AXLOG_WARN, __VA_ARGS__)
#define ax_info(...)  AXLOG_AT(AXLOG_INFO, __VA_ARGS__)
#define ax_debug(...) AXLOG_AT(AXLOG_DEBUG, __VA_ARGS__)
#define ax_trace(...) AXLOG_AT(AXLOG_TRACE, __VA_ARGS__)

#define AXLOG_AT(level, ...)                                                                       \
	do {                                                                                       \
		if ((level) <= AXLOG_BUILT)                                                        \
			axlog_print((level), __FILE__, __LINE__, __VA_ARGS__);                     \
	} while (0)

/** Print if @p level is on at run time. Called by the macros. */
__attribute__((cold, format(printf, 4, 5))) void axlog_print(axlog_level_t level, const char *file, int line,
							     const char *format, ...);

/** Set the run-time level. */
void axlog_set_level(axlog_level_t level);

/** The level of a name ("off" to "trace"); false for any other text, @p level untouched. */
bool axlog_level_from_name(const char *name, axlog_level_t *level);

#pragma GCC visibility pop
