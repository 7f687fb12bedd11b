/* SPDX-License-Identifier: Apache-2.0 */
/* Physical memory: what the machine has, and where the kernel sees it. */
#pragma once

#include <axconfig/axconfig.h>
#include <memory_addr/memory_addr.h>

#pragma GCC visibility push(default)

/** Free memory: usable RAM that neither the image nor the boot holds. Page-aligned. */
typedef struct axhal_mem_region {
	paddr_t start_paddr;
	size_t size_bytes;
} axhal_mem_region_t;

/** Free RAM regions, ascending, disjoint; @p count out. Static, fixed after boot. */
const axhal_mem_region_t *axhal_free_regions(size_t *count);

/** All of RAM in bytes, the image's part included. */
size_t axhal_ram_bytes(void);

/** Where the kernel's direct map shows @p paddr; RAM only (devices: axhal_map_device()). */
static inline void *axhal_phys_to_virt(paddr_t paddr)
{
	return (void *)(uintptr_t)(paddr + AX_CONFIG_DIRECT_MAP_VADDR);
}

/** The physical address behind a direct-map address. */
static inline paddr_t axhal_virt_to_phys(const void *vaddr)
{
	return (paddr_t)((uintptr_t)vaddr - AX_CONFIG_DIRECT_MAP_VADDR);
}

/** Where the image lies: @p start_paddr is the physical address of its first byte, which it sees at @p start. */
typedef struct axhal_image_place {
	vaddr_t start;
	size_t bytes;
	paddr_t start_paddr;
} axhal_image_place_t;

/** For addresses that devices get: what the image itself holds is not in the direct map. Machines with devices only. */
axhal_image_place_t axhal_image_place(void);

/**
 * A window onto device registers at @p paddr: uncached, never executable, for good. Machines with devices only.
 * Thread context, or boot. @return NULL if a page-table frame is missing
 */
void *axhal_map_device(paddr_t paddr, size_t bytes);

#pragma GCC visibility pop
