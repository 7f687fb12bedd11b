/* SPDX-License-Identifier: Apache-2.0 */
/* Panic: the message, the call chain with names, and the end with status 101. Of CPUs that panic at once, one speaks. */
#include <axhal/backtrace.h>
#include <axhal/console.h>
#include <axhal/power.h>
#include <axhal/smp.h>
#include <axruntime/features.h>
#include <format/format.h>
#include <panic/handler.h>
#include <stdarg.h>
#include <stdbool.h>

#include "status.h"

#if AXRUNTIME_FEATURE_MULTITASK
#include <axtask/axtask.h>
#include <kernel_guard/kernel_guard.h>
#endif

enum { FRAMES_MAX = 31 };

static void to_console([[maybe_unused]] void *context, const char *text, size_t length)
{
	axhal_console_write(text, length);
}

/* From the frame of panic_handler() on, whatever is inlined where. */
static void print_backtrace(uintptr_t frame)
{
	uintptr_t addresses[FRAMES_MAX];
	size_t count = axhal_backtrace(frame, addresses, FRAMES_MAX);
	for (size_t i = 0; i < count; i++) {
		size_t offset;
		const char *name = axhal_symbol_name(addresses[i] - 1, &offset);
		format_to(to_console, NULL, "  %2zu: %#018zx %s", i, (size_t)addresses[i], name ? name : "?");
		if (name)
			format_to(to_console, NULL, "+%#zx", offset + 1);
		format_to(to_console, NULL, "\n");
	}
}

[[gnu::noinline]] void panic_handler(const char *file, int line, const char *format, ...)
{
	static bool s_panicking; /* only one CPU gets past axhal_stop_others() */
#if AXRUNTIME_FEATURE_MULTITASK
	irq_disable();
#endif
	axhal_stop_others();
	if (s_panicking)
		axhal_exit(STATUS_PANIC); /* a panic inside a panic: say no more */
	s_panicking = true;
	va_list arguments;
	va_start(arguments, format);
	format_to(to_console, NULL, "\npanic at %s:%d: ", file, line);
	format_v(to_console, NULL, format, arguments);
	va_end(arguments);
#if AXRUNTIME_FEATURE_SMP
	format_to(to_console, NULL, "\ncpu %u", axhal_cpu_id());
#endif
#if AXRUNTIME_FEATURE_MULTITASK
	const ax_thread_t *thread = axtask_current(); /* NULL early in the boot */
	if (thread)
		format_to(to_console, NULL, "\nthread %llu \"%s\"", (unsigned long long)axtask_id(thread), axtask_name(thread));
#endif
	format_to(to_console, NULL, "\nbacktrace:\n");
	print_backtrace((uintptr_t)__builtin_frame_address(0));
	axhal_exit(STATUS_PANIC);
}
