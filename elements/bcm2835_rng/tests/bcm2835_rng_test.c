/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <bcm2835_rng/bcm2835_rng.h>

TEST(bcm2835_rng_is_turned_on_with_a_warm_up)
{
	uint32_t registers[4] = { 0 };
	bcm2835_rng_init((uintptr_t)registers);
	CHECK(registers[0] == 1 && registers[1] == 0x40000);
}

TEST(bcm2835_rng_that_runs_is_left_alone)
{
	uint32_t registers[4] = { 1, 0x05000000, 9, 0 };
	bcm2835_rng_init((uintptr_t)registers);
	CHECK_EQ(registers[1], 0x05000000);
}

TEST(bcm2835_rng_gives_a_word_when_there_is_one)
{
	uint32_t word = 3, registers[4] = { 1, 0x40000, 0x12345678, 0 };
	CHECK(!bcm2835_rng_take((uintptr_t)registers, &word));
	CHECK_EQ(word, 3);
	registers[1] = 1u << 24;
	CHECK(bcm2835_rng_take((uintptr_t)registers, &word));
	CHECK_EQ(word, 0x12345678);
}
