/* SPDX-License-Identifier: Apache-2.0 */
/*
 * riscv64: Sv39 or, with feature sv48, Sv48 (RISC-V Privileged Architecture, sections "Sv39" and "Sv48"): three or four
 * levels, leaves of 4 KiB, 2 MiB and 1 GiB. Accessed and dirty are set in advance, so that nothing faults for them. What is
 * cached is the platform's matter (its physical memory attributes), so DEVICE and UNCACHED are only kept in mind here.
 * Included by page_table_entry.h.
 */
#pragma once

#include <memory_addr/memory_addr.h>
#include <page_table_entry/features.h>
#include <page_table_entry/types.h>
#include <stdbool.h>
#include <stdint.h>

#if PAGE_TABLE_ENTRY_FEATURE_SV48
#define PTE_LEVELS 4
#else
#define PTE_LEVELS 3
#endif
#define PTE_INDEX_BITS	       9
#define PTE_LARGEST_LEAF_LEVEL 2

#define PTE_RISCV_V	   UINT64_C(0x001) /* valid */
#define PTE_RISCV_R	   UINT64_C(0x002)
#define PTE_RISCV_W	   UINT64_C(0x004)
#define PTE_RISCV_X	   UINT64_C(0x008)
#define PTE_RISCV_U	   UINT64_C(0x010) /* user */
#define PTE_RISCV_G	   UINT64_C(0x020) /* in every address space */
#define PTE_RISCV_A	   UINT64_C(0x040) /* accessed */
#define PTE_RISCV_D	   UINT64_C(0x080) /* dirty */
#define PTE_RISCV_DEVICE   UINT64_C(0x100) /* free for software */
#define PTE_RISCV_UNCACHED UINT64_C(0x200) /* free for software */
#define PTE_RISCV_ADDRESS  UINT64_C(0x003ffffffffffc00)

static inline pte_t pte_leaf(paddr_t paddr, page_flags_t flags, [[maybe_unused]] unsigned level)
{
	pte_t pte = (paddr >> 2 & PTE_RISCV_ADDRESS) | PTE_RISCV_A | PTE_RISCV_D;
	pte |= flags & PAGE_ACCESS ? PTE_RISCV_V | PTE_RISCV_R : 0; /* there is no write without read */
	pte |= flags & PAGE_WRITE ? PTE_RISCV_W : 0;
	pte |= flags & PAGE_EXECUTE ? PTE_RISCV_X : 0;
	pte |= flags & PAGE_USER ? PTE_RISCV_U : PTE_RISCV_G;
	pte |= flags & PAGE_DEVICE ? PTE_RISCV_DEVICE : flags & PAGE_UNCACHED ? PTE_RISCV_UNCACHED : 0;
	return pte;
}

static inline pte_t pte_table(paddr_t paddr)
{
	return (paddr >> 2 & PTE_RISCV_ADDRESS) | PTE_RISCV_V;
}

/** Whether @p pte, of @p level, refers to a table. */
static inline bool pte_is_table(pte_t pte, unsigned level)
{
	return level && (pte & (PTE_RISCV_V | PTE_RISCV_R | PTE_RISCV_W | PTE_RISCV_X)) == PTE_RISCV_V;
}

/** The table's or the page's address. */
static inline paddr_t pte_paddr(pte_t pte, [[maybe_unused]] unsigned level)
{
	return (pte & PTE_RISCV_ADDRESS) << 2;
}

/** What to add to a leaf so that it maps what lies @p bytes further. */
static inline pte_t pte_step(size_t bytes)
{
	return bytes >> 2;
}

/** Of a leaf. */
static inline page_flags_t pte_flags(pte_t pte)
{
	unsigned flags = PAGE_NONE;
	if (pte & PTE_RISCV_V)
		flags |= PAGE_READ | (pte & PTE_RISCV_W ? PAGE_WRITE : 0) | (pte & PTE_RISCV_X ? PAGE_EXECUTE : 0);
	flags |= pte & PTE_RISCV_U ? PAGE_USER : 0;
	flags |= pte & PTE_RISCV_DEVICE ? PAGE_DEVICE : pte & PTE_RISCV_UNCACHED ? PAGE_UNCACHED : 0;
	return (page_flags_t)flags;
}
