/* SPDX-License-Identifier: Apache-2.0 */
/* Without smp a per-CPU variable is a global. */
#include <axtest.h>
#include <percpu/percpu.h>

PERCPU_DECLARE(unsigned, percpu_test_count);
PERCPU_DEFINE(unsigned, percpu_test_count) = 3;
static PERCPU_DEFINE(void *, s_pointer);

TEST(variable_is_the_global_itself)
{
	CHECK_EQ(percpu_get(percpu_test_count), 3);
	percpu_set(percpu_test_count, 5u);
	CHECK_EQ(percpu_test_count, 5);
	CHECK(percpu_ptr(percpu_test_count) == &percpu_test_count);
	CHECK(percpu_ptr_of(percpu_test_count, 7) == &percpu_test_count);
}

TEST(add_tells_when_the_sum_is_zero)
{
	percpu_set(percpu_test_count, 1u);
	percpu_add(percpu_test_count, 1);
	CHECK(!percpu_add_is_zero(percpu_test_count, -1));
	CHECK(percpu_add_is_zero(percpu_test_count, -1));
}

TEST(pointers_are_held_too)
{
	int object;
	CHECK(percpu_get(s_pointer) == NULL);
	percpu_set(s_pointer, &object);
	CHECK(percpu_get(s_pointer) == &object);
}
