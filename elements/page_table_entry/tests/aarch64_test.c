/* SPDX-License-Identifier: Apache-2.0 */
/* aarch64's entries, on any host: they give back what they were made of, and have the hardware's bits. */
#include <axtest.h>
#include "../arch/aarch64/include/page_table_entry/arch.h"

TEST(aarch64_leaf_gives_back_address_and_flags)
{
	static const page_flags_t kinds[] = { PAGE_NONE, PAGE_USER, PAGE_DEVICE, PAGE_UNCACHED };
	for (unsigned level = 0; level <= PTE_LARGEST_LEAF_LEVEL; level++) {
		for (unsigned access = 0; access < 8; access++) {
			for (size_t k = 0; k < 4; k++) {
				unsigned wanted = access | kinds[k];
				pte_t pte = pte_leaf(UINT64_C(0xc0000000), (page_flags_t)wanted, level);
				CHECK(pte != 0);
				CHECK(!pte_is_table(pte, level));
				CHECK_EQ(pte_paddr(pte, level), UINT64_C(0xc0000000));
				CHECK_EQ(pte_flags(pte), wanted | (access ? PAGE_READ : 0));
			}
		}
	}
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
