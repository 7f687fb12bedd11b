/* SPDX-License-Identifier: Apache-2.0 */
/* riscv64's entries, on any host: they give back what they were made of, and have the hardware's bits. */
#include "../arch/riscv64/include/page_table_entry/arch.h"
#include "leaves.h"

TEST(riscv64_leaf_gives_back_address_and_flags)
{
	check_leaves();
}

TEST(riscv64_bits_are_those_of_the_manual)
{
	CHECK_EQ(pte_leaf(0x80201000, PAGE_READ | PAGE_EXECUTE, 0), UINT64_C(0x80201) << 10 | 0xeb);
	CHECK_EQ(pte_leaf(0x80200000, PAGE_READ | PAGE_WRITE | PAGE_USER, 1), UINT64_C(0x80200) << 10 | 0xd7);
	CHECK_EQ(pte_table(0x80207000), UINT64_C(0x80207) << 10 | 1);
	CHECK(pte_is_table(pte_table(0x80207000), 1));
	CHECK(!pte_is_table(0, 2));
	CHECK_EQ(pte_leaf(0x3000, PAGE_NONE, 0) & 1, 0);
}

TEST(riscv64_step_maps_what_lies_further)
{
	pte_t pte = pte_leaf(0x80200000, PAGE_READ, 0);
	CHECK_EQ(pte_paddr(pte + 3 * pte_step(4096), 0), UINT64_C(0x80203000));
}
