/* SPDX-License-Identifier: Apache-2.0 */
/* The cycle counter at main(). */
#include <axbench/axbench.h>

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	axbench_note("main", axbench_cycles());
	return 0;
}
