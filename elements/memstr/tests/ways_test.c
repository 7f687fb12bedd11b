/* SPDX-License-Identifier: Apache-2.0 */
/* Long copies and fills, in each way that this processor has. */
#include "../arch/x86_64/ways.h"
#include "checks.h"
#include "names.h"

static void check_in(unsigned char ways)
{
	memstr_ways = ways;
	check_long_moves(memstr_memmove);
	check_long_moves(memstr_memcpy);
	check_long_sets(memstr_memset);
}

TEST(long_copies_and_fills_are_right_in_each_way)
{
	const unsigned char all = memstr_find_ways();
	CHECK(all & WAY_ASKED);
	check_in(WAY_ASKED);
	check_in(WAY_ASKED | (all & WAY_STRINGS));
	check_in(WAY_ASKED | (all & WAY_AVX));
	check_in(all);
}

TEST(the_processor_is_asked_by_the_first_long_copy)
{
	memstr_ways = 0;
	check_long_moves(memstr_memmove);
	CHECK_EQ(memstr_ways, memstr_find_ways());
}
