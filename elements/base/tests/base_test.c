/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary of base.h, as used. */
#include <axtest.h>
#include <base/base.h>

struct outer {
	int first;
	int second;
};

static int s_left;

static void count_leave(int *value)
{
	s_left += *value;
}

TEST(container_of_finds_the_object_around_a_member)
{
	struct outer object = { 1, 2 };
	CHECK(container_of(&object.second, struct outer, second) == &object);
}

TEST(array_size_counts_elements)
{
	int array[7];
	CHECK_EQ(ARRAY_SIZE(array), 7);
}

TEST(min_and_max_evaluate_each_side_once)
{
	int i = 1, j = 5;
	CHECK_EQ(AX_MIN(i++, j++), 1);
	CHECK_EQ(AX_MAX(i++, j++), 6);
	CHECK_EQ(i, 3);
	CHECK_EQ(j, 7);
}

TEST(cleanup_runs_when_its_scope_is_left)
{
	for (int i = 0; i < 3; i++) {
		AX_CLEANUP(count_leave) int held = 2;
		if (i == 1)
			continue;
		(void)held;
	}
	CHECK_EQ(s_left, 6);
}
