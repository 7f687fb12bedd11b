/* SPDX-License-Identifier: Apache-2.0 */
/* aarch64's entries, on any host: they give back what they were made of, and have the hardware's bits. */
#include "../arch/aarch64/include/page_table_entry/arch.h"
#include "leaves.h"

TEST(aarch64_leaf_gives_back_address_and_flags)
{
	check_leaves();
}

TEST(aarch64_bits_are_those_of_the_manual)
{
	/* page, accessed, inner shareable, read-only, UXN */
	CHECK_EQ(pte_leaf(0x5000, PAGE_READ | PAGE_EXECUTE, 0), UINT64_C(0x00c0000000005783));
	/* block, read-write, never executed */
	CHECK_EQ(pte_leaf(0x200000, PAGE_READ | PAGE_WRITE, 1), UINT64_C(0x00e0000000200701));
	/* user code is not the kernel's */
	CHECK_EQ(pte_leaf(0, PAGE_READ | PAGE_EXECUTE | PAGE_USER, 0) >> 53 & 3, 1);
	CHECK_EQ(pte_leaf(0, PAGE_READ | PAGE_DEVICE, 0) & 0x1c, 4);
	CHECK_EQ(pte_leaf(0x3000, PAGE_NONE, 0) & 1, 0);
	CHECK_EQ(pte_table(0x7000), 0x7003);
	CHECK(pte_is_table(pte_table(0x7000), 1));
	CHECK(!pte_is_table(pte_leaf(0x7000, PAGE_READ, 0), 0));
}

TEST(aarch64_write_and_execute_together_stay_apart_from_either)
{
	CHECK_EQ(pte_leaf(0, PAGE_READ | PAGE_WRITE, 0) & PTE_ARM_PXN, PTE_ARM_PXN);
	CHECK_EQ(pte_leaf(0, PAGE_READ | PAGE_EXECUTE, 0) & PTE_ARM_RO, PTE_ARM_RO);
}
