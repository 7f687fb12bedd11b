/* SPDX-License-Identifier: Apache-2.0 */
/* What is loaded is stored where nothing interferes, and patterns differ in every register. */
#include <axtest.h>
#include <held_registers/held_registers.h>
#include <string.h>

TEST(registers_are_read_as_they_were_filled)
{
	held_registers_t loaded, stored;
	held_registers_fill(&loaded, 1);
	memset(&stored, 0, sizeof stored);
	held_registers_hold(&loaded, 1000, &stored);
	CHECK(!memcmp(&loaded, &stored, sizeof loaded));
}

TEST(another_seed_changes_every_general_and_vector_register)
{
	held_registers_t one, other;
	held_registers_fill(&one, 1);
	held_registers_fill(&other, 2);
	for (size_t i = 0; i < sizeof one.general / sizeof one.general[0]; i++)
		CHECK(one.general[i] != other.general[i]);
	for (size_t i = 0; i < sizeof one.vector / sizeof one.vector[0]; i++)
		CHECK(memcmp(one.vector[i], other.vector[i], sizeof one.vector[i]));
}

TEST(the_callers_rounding_is_kept)
{
	volatile double three = 3, one = 1;
	double before = one / three;
	held_registers_t registers, stored;
	held_registers_fill(&registers, 3);
	held_registers_hold(&registers, 1, &stored);
	CHECK(one / three == before);
	CHECK(-one / three == -before);
}
