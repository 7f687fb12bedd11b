/* SPDX-License-Identifier: Apache-2.0 */
/* The functions for riscv64, compiled for the host: the bytes change, and none beside them. */
#include "../arch/riscv64/atomic_bytes.c"
#include <axtest.h>
#include <string.h>

static _Alignas(4) uint8_t s_word[4];

static void fresh(void)
{
	memcpy(s_word, (uint8_t[]){ 0x11, 0x82, 0x33, 0x44 }, 4);
}

static bool is(unsigned a, unsigned b, unsigned c, unsigned d)
{
	return s_word[0] == a && s_word[1] == b && s_word[2] == c && s_word[3] == d;
}

TEST(a_byte_changes_alone_and_what_it_was_is_returned)
{
	fresh();
	CHECK_EQ(atomic_exchange_1(&s_word[1], 0xff, 5), 0x82);
	CHECK(is(0x11, 0xff, 0x33, 0x44));
	CHECK_EQ(atomic_fetch_add_1(&s_word[1], 2, 5), 0xff);
	CHECK(is(0x11, 0x01, 0x33, 0x44)); /* the carry goes nowhere */
	CHECK_EQ(atomic_fetch_sub_1(&s_word[3], 0x45, 5), 0x44);
	CHECK(is(0x11, 0x01, 0x33, 0xff));
	CHECK_EQ(atomic_fetch_or_1(&s_word[0], 0x82, 5), 0x11);
	CHECK_EQ(atomic_fetch_and_1(&s_word[0], 0x83, 5), 0x93);
	CHECK_EQ(atomic_fetch_xor_1(&s_word[0], 0xff, 5), 0x83);
	CHECK_EQ(atomic_fetch_nand_1(&s_word[2], 0x0f, 5), 0x33);
	CHECK(is(0x7c, 0x01, 0xfc, 0xff));
}

TEST(two_bytes_change_alone)
{
	fresh();
	uint16_t upper;
	CHECK_EQ(atomic_fetch_add_2(&s_word[0], 0x8000, 5), 0x8211);
	CHECK(is(0x11, 0x02, 0x33, 0x44));
	CHECK_EQ(atomic_exchange_2(&s_word[2], 0xabcd, 5), 0x4433);
	memcpy(&upper, &s_word[2], 2);
	CHECK_EQ(upper, 0xabcd);
	CHECK(s_word[0] == 0x11 && s_word[1] == 0x02);
}

TEST(compare_and_exchange_tells_what_is_there_if_it_is_something_else)
{
	fresh();
	uint8_t expected = 0x12;
	CHECK(!atomic_compare_exchange_1(&s_word[0], &expected, 1, false, 5, 5));
	CHECK_EQ(expected, 0x11);
	CHECK(atomic_compare_exchange_1(&s_word[0], &expected, 1, false, 5, 5));
	CHECK(is(1, 0x82, 0x33, 0x44));
	uint16_t two = 0x4433;
	CHECK(atomic_compare_exchange_2(&s_word[2], &two, 0, false, 5, 5));
	CHECK(is(1, 0x82, 0, 0));
}
