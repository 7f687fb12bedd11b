/* SPDX-License-Identifier: Apache-2.0 */
/* riscv64's entries, on any host: they give back what they were made of, and have the hardware's bits. */
#include <axtest.h>
#include "../arch/riscv64/include/page_table_entry/arch.h"

TEST(riscv64_leaf_gives_back_address_and_flags)
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
