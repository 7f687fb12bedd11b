/* SPDX-License-Identifier: Apache-2.0 */
/* The cycle counter at main(), and the time since the entry. */
#include <axbench/axbench.h>
#include <axstd/axstd.h>

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	axbench_note("main", axbench_cycles());
	axbench_note("since-entry-ns", ax_now_ns());
	return 0;
}
