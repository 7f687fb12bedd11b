/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page-table entry, in general terms. The architecture's header fills:
 *
 *	PTE_LEVELS		levels of tables; level 0 maps pages, level PTE_LEVELS - 1 is the root
 *	PTE_INDEX_BITS		of a virtual address, for each level's index
 *	PTE_LARGEST_LEAF_LEVEL	the highest level whose entries may map memory
 *	pte_leaf(paddr, flags, level)	maps pte_level_bytes(level) at paddr, aligned to that
 *	pte_table(paddr)		refers to the next table
 *	pte_step(bytes)			added to a leaf, it maps what lies that much further
 *	pte_is_table(pte, level), pte_paddr(pte, level), pte_flags(pte)
 *
 * An entry is 64 bits, and 0 maps nothing. A leaf without READ, WRITE and EXECUTE keeps its address, and every access
 * faults. Pure functions, any context.
 */
#pragma once

#include <memory_addr/memory_addr.h>
#include <page_table_entry/arch.h>
#include <page_table_entry/types.h>
#include <stdbool.h>
#include <stdint.h>

enum { PTE_ENTRIES = 1 << PTE_INDEX_BITS };

/** Bytes that one entry of @p level covers. */
static inline size_t pte_level_bytes(unsigned level)
{
	return PAGE_SIZE << (level * PTE_INDEX_BITS);
}

/** Index of @p vaddr's entry in its table of @p level. */
static inline size_t pte_index(vaddr_t vaddr, unsigned level)
{
	return vaddr >> (PAGE_SHIFT + level * PTE_INDEX_BITS) & (PTE_ENTRIES - 1);
}

/** Whether hardware translates @p vaddr: the bits above those of the indexes equal the highest of these. */
static inline bool pte_vaddr_is_valid(vaddr_t vaddr)
{
	intptr_t above = (intptr_t)vaddr >> (PAGE_SHIFT + PTE_LEVELS * PTE_INDEX_BITS - 1);
	return above == 0 || above == -1;
}
