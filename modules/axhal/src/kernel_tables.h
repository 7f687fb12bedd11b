/* SPDX-License-Identifier: Apache-2.0 */
/* What paging.c and protect.c ask of each bare machine: where its page table is, and how translations are dropped. */
#pragma once

#include <memory_addr/memory_addr.h>
#include <page_table_entry/page_table_entry.h>

/** Bits of the addresses that the kernel's half of the page table can show: half of all. */
#define KERNEL_HALF_BITS (PAGE_SHIFT + PTE_LEVELS * PTE_INDEX_BITS - 1)

/** The direct map's room; the device windows have as much behind it. */
#define DIRECT_MAP_BYTES (UINT64_C(1) << (KERNEL_HALF_BITS > 40 ? 39 : KERNEL_HALF_BITS - 1))

/** The root of the page table that the processors use. */
paddr_t axhal_root_table(void);

/** The physical address of what the image holds. */
paddr_t axhal_image_paddr_of(const void *image_vaddr);

/** The first physical address that the direct map does not show. */
paddr_t axhal_direct_map_end(void);

/** What was not mapped before and is now can be used by this CPU on return. */
void axhal_see_new_mappings(void);

/**
 * No CPU uses translations of [paddr, paddr + bytes) of the direct map from before, in whichever view. Page-aligned.
 * Context as axhal_protect().
 */
void axhal_drop_translations(paddr_t paddr, size_t bytes);
