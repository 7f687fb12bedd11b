/* SPDX-License-Identifier: Apache-2.0 */
/* The counter goes on, and never back. */
#include <axtest.h>
#include <cycle_counter/cycle_counter.h>

TEST(counter_goes_on)
{
	uint64_t first = cycle_counter(), last = first;
	while (last == first)
		last = cycle_counter();
	CHECK(last > first);
}
