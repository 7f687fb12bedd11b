/* SPDX-License-Identifier: Apache-2.0 */
/* The native side: the kernel's clock and console, directly. */
#include <axbench/axbench.h>
#include <axstd/console.h>
#include <axstd/time.h>

uint64_t axbench_now_ns(void)
{
	return ax_now_ns();
}

void axbench_report(const char *operation, axbench_time_t took, uint64_t operations)
{
	ax_print("bench %s %lu %lu %lu\n", operation, took.cycles, took.ns, operations);
}

void axbench_note(const char *what, uint64_t value)
{
	ax_print("bench-%s %lu\n", what, value);
}
