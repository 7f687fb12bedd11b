/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's page tables. One page directory shows the first GiB twice: in the direct map
 * and at the kernel's offset, where the image runs. The image's pages have their own rights
 * in both views, so that no alias of the code is writable.
 */
#pragma once

#include <stdbool.h>
#include <memory_addr/memory_addr.h>
#include "page_bits.h"

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

/** The entry that maps @p vaddr, or the absent one that ends the walk; @p level out: 0 is 4 KiB, 1 2 MiB, 2 1 GiB. */
page_entry_t *axhal_page_entry(uintptr_t vaddr, unsigned *level);

/** The direct map has one top-level entry; the device windows have the next. */
#define DIRECT_MAP_BYTES (UINT64_C(1) << 39)

/** The top-level entry of @p vaddr. */
page_entry_t *axhal_top_entry(uintptr_t vaddr);

/** The first physical address that the direct map does not show. */
paddr_t axhal_direct_map_end(void);

/** A zeroed frame for a page table: of a small pool, then of the source set by axhal_set_frame_source(). 0: none. */
paddr_t axhal_page_table_frame(void);

/** A zeroed frame taken from free RAM before the regions are published; cannot fail. Boot only. */
paddr_t axhal_boot_frame(void);
