/* SPDX-License-Identifier: Apache-2.0 */
/* The POSIX side, ours and Linux's alike: clock_gettime and printf. */
#include <axbench/axbench.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

uint64_t axbench_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void axbench_report(const char *operation, axbench_time_t took, uint64_t operations)
{
	printf("bench %s %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", operation, took.cycles, took.ns, operations);
	fflush(stdout);
}

void axbench_note(const char *what, uint64_t value)
{
	printf("bench-%s %" PRIu64 "\n", what, value);
	fflush(stdout);
}
