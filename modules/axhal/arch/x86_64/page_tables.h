/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's page tables. One page directory shows the first GiB twice: in the direct map
 * and at the kernel's offset, where the image runs. The image's pages have their own rights
 * in both views, so that no alias of the code is writable.
 */
#pragma once

#include <stdbool.h>
#include <memory_addr/memory_addr.h>
#include <page_table_entry/page_table_entry.h>
#include "kernel_tables.h"

/** The image is linked this far above where it is loaded: in the top 2 GiB, as the compiler's kernel model wants. */
#define KERNEL_OFFSET UINT64_C(0xffffffff80000000)

static inline paddr_t axhal_image_paddr(const void *image_vaddr)
{
	return (uintptr_t)image_vaddr - KERNEL_OFFSET;
}

/**
 * Give every page its final rights, and RAM its direct map. Once, at boot.
 * @param ram_end   nothing from there on is shown
 * @param ram_gibs  bit i says that the i-th GiB has RAM: 512 bits; the others, where devices are, are not shown
 */
void axhal_page_tables_init(paddr_t ram_end, const uint64_t *ram_gibs);

/** What the kernel's offset shows of the direct map, from physical address 0 on. */
#define KERNEL_VIEW_BYTES (UINT64_C(1) << 30)

/** The root. */
extern pte_t axhal_boot_pml4[PTE_ENTRIES];

/** Its table of the first 512 GiB of the direct map. */
extern pte_t axhal_boot_pdpt[PTE_ENTRIES];
