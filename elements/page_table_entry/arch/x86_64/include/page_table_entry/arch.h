/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x86_64: 4-level paging (Intel SDM vol. 3, 4.5; formats: tables 4-15 to 4-20). Leaves of 4 KiB, 2 MiB and,
 * where CPUID 80000001H:EDX.Page1GB says so, 1 GiB. Memory types by PCD and PWT with the PAT as at reset
 * (4.9.2, table 11-12): both: strong uncacheable (UC); PCD alone: UC-. Accessed and dirty are set in advance,
 * so that the CPU need not write them. Needs EFER.NXE. Included by page_table_entry.h.
 */
#pragma once

#include <memory_addr/memory_addr.h>
#include <page_table_entry/types.h>
#include <stdbool.h>
#include <stdint.h>

#define PTE_LEVELS	       4
#define PTE_INDEX_BITS	       9
#define PTE_LARGEST_LEAF_LEVEL 2

#define PTE_X86_P	UINT64_C(0x001) /* present */
#define PTE_X86_RW	UINT64_C(0x002) /* writable */
#define PTE_X86_US	UINT64_C(0x004) /* user */
#define PTE_X86_PWT	UINT64_C(0x008) /* write-through */
#define PTE_X86_PCD	UINT64_C(0x010) /* cache disable */
#define PTE_X86_A	UINT64_C(0x020) /* accessed */
#define PTE_X86_D	UINT64_C(0x040) /* dirty */
#define PTE_X86_PS	UINT64_C(0x080) /* a leaf above level 0 */
#define PTE_X86_MAPPED	UINT64_C(0x200) /* bit 9, free for software: a leaf, present or not */
#define PTE_X86_XD	(UINT64_C(1) << 63) /* execute disable */
#define PTE_X86_ADDRESS UINT64_C(0x000ffffffffff000)

static inline pte_t pte_leaf(paddr_t paddr, page_flags_t flags, unsigned level)
{
	pte_t pte = (paddr & PTE_X86_ADDRESS) | PTE_X86_MAPPED | PTE_X86_A | PTE_X86_D;
	pte |= level ? PTE_X86_PS : 0;
	pte |= flags & PAGE_ACCESS ? PTE_X86_P : 0;
	pte |= flags & PAGE_WRITE ? PTE_X86_RW : 0;
	pte |= flags & PAGE_EXECUTE ? 0 : PTE_X86_XD;
	pte |= flags & PAGE_USER ? PTE_X86_US : 0;
	pte |= flags & PAGE_DEVICE ? PTE_X86_PCD | PTE_X86_PWT : flags & PAGE_UNCACHED ? PTE_X86_PCD : 0;
	return pte;
}

/* Everything is allowed here: rights are the leaves' matter. */
static inline pte_t pte_table(paddr_t paddr)
{
	return (paddr & PTE_X86_ADDRESS) | PTE_X86_P | PTE_X86_RW | PTE_X86_US | PTE_X86_A;
}

/** Whether @p pte, of @p level, refers to a table; tables built by others (a boot loader's) included. */
static inline bool pte_is_table(pte_t pte, unsigned level)
{
	return level && (pte & (PTE_X86_P | PTE_X86_PS)) == PTE_X86_P;
}

/** The table's or the page's address. Bit 12 of a large leaf is PAT, not address. */
static inline paddr_t pte_paddr(pte_t pte, unsigned level)
{
	paddr_t paddr = pte & PTE_X86_ADDRESS;
	return pte_is_table(pte, level) ? paddr : paddr & ~(((paddr_t)PAGE_SIZE << (level * PTE_INDEX_BITS)) - 1);
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
	if (pte & PTE_X86_P)
		flags |= PAGE_READ | (pte & PTE_X86_RW ? PAGE_WRITE : 0) | (pte & PTE_X86_XD ? 0 : PAGE_EXECUTE);
	flags |= pte & PTE_X86_US ? PAGE_USER : 0;
	if (pte & PTE_X86_PCD)
		flags |= pte & PTE_X86_PWT ? PAGE_DEVICE : PAGE_UNCACHED;
	return (page_flags_t)flags;
}
