/* SPDX-License-Identifier: Apache-2.0 */
/* The native side: the kernel's clock and console, directly. */
#include <axbench/axbench.h>
#include <axstd/console.h>
#include <axstd/time.h>

uint64_t axbench_now_ns(void)
{
	return ax_now_ns();
}

void axbench_report(const char *operation, uint64_t cycles, uint64_t ns, uint64_t operations)
{
	ax_print("bench %s %lu %lu %lu\n", operation, cycles, ns, operations);
}

void axbench_note(const char *what, uint64_t value)
{
	ax_print("bench-%s %lu\n", what, value);
}

uint64_t axbench_rounds(int argc, char **argv, uint64_t otherwise)
{
	if (argc < 2)
		return otherwise;
	uint64_t value = 0;
	for (const char *digit = argv[1]; *digit >= '0' && *digit <= '9'; digit++)
		value = value * 10 + (uint64_t)(*digit - '0');
	return value;
}
