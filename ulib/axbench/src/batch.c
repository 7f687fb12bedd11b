/* SPDX-License-Identifier: Apache-2.0 */
/* A batch's begin and end. The counter is read last of all and first of all: the clock's own cost stays outside. */
#include <axbench/axbench.h>

axbench_time_t axbench_begin(void)
{
	axbench_time_t start = { .ns = axbench_now_ns() };
	start.cycles = axbench_cycles();
	return start;
}

axbench_time_t axbench_stop(axbench_time_t start)
{
	axbench_time_t took = { .cycles = axbench_cycles() - start.cycles };
	took.ns = axbench_now_ns() - start.ns;
	return took;
}
