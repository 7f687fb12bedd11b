/* SPDX-License-Identifier: Apache-2.0 */
/* Entries give back what they were made of, and have the hardware's bits. */
#include <page_table_entry/page_table_entry.h>
#include "leaves.h"

TEST(leaf_gives_back_address_and_flags)
{
	check_leaves();
}

TEST(leaf_without_access_keeps_its_address_even_0)
{
	pte_t pte = pte_leaf(0, PAGE_NONE, 1);
	CHECK(pte != 0);
	CHECK(!pte_is_table(pte, 1));
	CHECK_EQ(pte & 1, 0); /* not present */
}

TEST(bits_are_those_of_the_manual)
{
	CHECK_EQ(pte_leaf(0x5000, PAGE_READ | PAGE_EXECUTE, 0) & ~UINT64_C(0xe60), 0x5001);
	CHECK_EQ(pte_leaf(0x200000, PAGE_READ | PAGE_WRITE | PAGE_USER, 1) & ~UINT64_C(0xe60), UINT64_C(0x8000000000200087));
	CHECK_EQ(pte_leaf(0, PAGE_READ | PAGE_DEVICE, 0) & 0x18, 0x18);
	CHECK_EQ(pte_table(0x7000) & ~UINT64_C(0x20), 0x7007);
	CHECK(pte_is_table(pte_table(0x7000), 1));
	CHECK(!pte_is_table(0, 3));
}

TEST(geometry_is_that_of_four_levels_of_nine_bits)
{
	CHECK_EQ(pte_level_bytes(0), 4096);
	CHECK_EQ(pte_level_bytes(1), 2 << 20);
	CHECK_EQ(pte_level_bytes(2), 1 << 30);
	vaddr_t vaddr = (UINT64_C(1) << 39) * 5 + (UINT64_C(1) << 30) * 6 + (UINT64_C(1) << 21) * 7 + 4096 * 8;
	CHECK_EQ(pte_index(vaddr, 3), 5);
	CHECK_EQ(pte_index(vaddr, 2), 6);
	CHECK_EQ(pte_index(vaddr, 1), 7);
	CHECK_EQ(pte_index(vaddr, 0), 8);
}

TEST(non_canonical_addresses_are_not_valid)
{
	CHECK(pte_vaddr_is_valid(0));
	CHECK(pte_vaddr_is_valid(UINT64_C(0x00007fffffffffff)));
	CHECK(!pte_vaddr_is_valid(UINT64_C(0x0000800000000000)));
	CHECK(!pte_vaddr_is_valid(UINT64_C(0xffff7fffffffffff)));
	CHECK(pte_vaddr_is_valid(UINT64_C(0xffff800000000000)));
}
