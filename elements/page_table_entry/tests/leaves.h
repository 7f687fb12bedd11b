/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for the entries of any architecture; after that architecture's header. */
#pragma once

#include <axtest.h>

/* A leaf of each level, kind and access gives back what it was made of. */
static inline void check_leaves(void)
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
