/* SPDX-License-Identifier: Apache-2.0 */
/* Alignment arithmetic at its edges. */
#include <axtest.h>
#include <memory_addr/memory_addr.h>

TEST(align_up_and_down_meet_on_multiples)
{
	CHECK_EQ(align_up(4096, 4096), 4096);
	CHECK_EQ(align_down(4096, 4096), 4096);
	CHECK_EQ(align_up(4097, 4096), 8192);
	CHECK_EQ(align_down(8191, 4096), 4096);
	CHECK_EQ(align_up(0, 64), 0);
}

TEST(pages_for_rounds_up_without_overflow)
{
	CHECK_EQ(pages_for(0), 0);
	CHECK_EQ(pages_for(1), 1);
	CHECK_EQ(pages_for(4096), 1);
	CHECK_EQ(pages_for(4097), 2);
	CHECK_EQ(pages_for(SIZE_MAX), SIZE_MAX / 4096 + 1);
}

TEST(zero_is_no_power_of_two)
{
	CHECK(!is_power_of_two(0));
	CHECK(is_power_of_two(1));
	CHECK(is_power_of_two((uintptr_t)1 << 63));
	CHECK(!is_power_of_two(12));
}
