/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aarch64: VMSAv8-64 stage 1, 4 KiB granule, 48-bit addresses, four levels (Arm ARM DDI 0487, D8.3, "Translation table
 * descriptor formats"). Leaves of 4 KiB, 2 MiB and 1 GiB. Memory types are indexes into MAIR_EL1, which the kernel sets to
 * PTE_ARM_MAIR. The access flag is set in advance, so that nothing faults for it. Included by page_table_entry.h.
 */
#pragma once

#include <memory_addr/memory_addr.h>
#include <page_table_entry/types.h>
#include <stdbool.h>
#include <stdint.h>

#define PTE_LEVELS	       4
#define PTE_INDEX_BITS	       9
#define PTE_LARGEST_LEAF_LEVEL 2

#define PTE_ARM_VALID	UINT64_C(0x001)
#define PTE_ARM_TABLE	UINT64_C(0x002) /* above level 0: refers to a table; at level 0: set in every page */
#define PTE_ARM_TYPE	UINT64_C(0x01c) /* index into MAIR_EL1 */
#define PTE_ARM_USER	UINT64_C(0x040) /* AP[1]: EL0 too */
#define PTE_ARM_RO	UINT64_C(0x080) /* AP[2] */
#define PTE_ARM_INNER	UINT64_C(0x300) /* inner shareable */
#define PTE_ARM_AF	UINT64_C(0x400) /* accessed */
#define PTE_ARM_NG	UINT64_C(0x800) /* not global */
#define PTE_ARM_PXN	(UINT64_C(1) << 53) /* EL1 never executes */
#define PTE_ARM_UXN	(UINT64_C(1) << 54) /* EL0 never executes */
#define PTE_ARM_MAPPED	(UINT64_C(1) << 55) /* free for software: a leaf, valid or not */
#define PTE_ARM_ADDRESS UINT64_C(0x0000fffffffff000)

/* Types by index: 0 write-back memory, 1 device nGnRE, 2 uncached memory (Arm ARM, MAIR_EL1). */
#define PTE_ARM_MAIR	      UINT64_C(0x4404ff)
#define PTE_ARM_TYPE_DEVICE   UINT64_C(0x004)
#define PTE_ARM_TYPE_UNCACHED UINT64_C(0x008)

static inline pte_t pte_leaf(paddr_t paddr, page_flags_t flags, unsigned level)
{
	pte_t pte = (paddr & PTE_ARM_ADDRESS) | PTE_ARM_MAPPED | PTE_ARM_AF | PTE_ARM_INNER | PTE_ARM_PXN | PTE_ARM_UXN;
	pte |= level ? 0 : PTE_ARM_TABLE;
	pte |= flags & PAGE_ACCESS ? PTE_ARM_VALID : 0;
	pte |= flags & PAGE_WRITE ? 0 : PTE_ARM_RO;
	pte |= flags & PAGE_USER ? PTE_ARM_USER | PTE_ARM_NG : 0;
	if (flags & PAGE_EXECUTE)
		pte &= flags & PAGE_USER ? ~PTE_ARM_UXN : ~PTE_ARM_PXN;
	pte |= flags & PAGE_DEVICE ? PTE_ARM_TYPE_DEVICE : flags & PAGE_UNCACHED ? PTE_ARM_TYPE_UNCACHED : 0;
	return pte;
}

/* Everything is allowed here: rights are the leaves' matter. */
static inline pte_t pte_table(paddr_t paddr)
{
	return (paddr & PTE_ARM_ADDRESS) | PTE_ARM_VALID | PTE_ARM_TABLE;
}

/** Whether @p pte, of @p level, refers to a table. */
static inline bool pte_is_table(pte_t pte, unsigned level)
{
	return level && (pte & (PTE_ARM_VALID | PTE_ARM_TABLE)) == (PTE_ARM_VALID | PTE_ARM_TABLE);
}

/** The table's or the page's address. */
static inline paddr_t pte_paddr(pte_t pte, [[maybe_unused]] unsigned level)
{
	return pte & PTE_ARM_ADDRESS;
}

/** What to add to a leaf so that it maps what lies @p bytes further. */
static inline pte_t pte_step(size_t bytes)
{
	return bytes;
}

/** Of a leaf. */
static inline page_flags_t pte_flags(pte_t pte)
{
	unsigned flags = PAGE_NONE;
	const bool user = pte & PTE_ARM_USER;
	if (pte & PTE_ARM_VALID) {
		flags |= PAGE_READ | (pte & PTE_ARM_RO ? 0 : PAGE_WRITE);
		flags |= pte & (user ? PTE_ARM_UXN : PTE_ARM_PXN) ? 0 : PAGE_EXECUTE;
	}
	flags |= user ? PAGE_USER : 0;
	flags |= (pte & PTE_ARM_TYPE) == PTE_ARM_TYPE_DEVICE ? PAGE_DEVICE : 0;
	flags |= (pte & PTE_ARM_TYPE) == PTE_ARM_TYPE_UNCACHED ? PAGE_UNCACHED : 0;
	return (page_flags_t)flags;
}
