/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RAM of a PVH machine: the loader's memory map less the image, the low pages of firmware and processor start-up, and
 * what the loader left in RAM for us.
 */
#include <axhal/mem.h>
#include <base/base.h>
#include "../../arch/x86_64/page_tables.h"
#include "boot_memory.h"
#include "machine.h"
#include "memory.h"

/* Real-mode vectors and BIOS data, and the page for the start code of further processors. */
#define LOW_RESERVED_BYTES (X86_PVH_START_PADDR + PAGE_SIZE)

static uint64_t s_ram_gibs[512 / 64];

paddr_t x86_pvh_memory_init(const memory_map_entry_t *map, size_t entries)
{
	paddr_t ram_end = 0;
	axhal_boot_reserve(0, LOW_RESERVED_BYTES);
	axhal_boot_reserve_image(axhal_image_paddr(ax_image_start));
	for (size_t i = 0; i < entries; i++) {
		if (map[i].type != MEMORY_MAP_RAM || map[i].paddr >= DIRECT_MAP_BYTES)
			continue;
		paddr_t end = AX_MIN(map[i].paddr + map[i].size, DIRECT_MAP_BYTES);
		ram_end = AX_MAX(ram_end, end);
		for (size_t gib = map[i].paddr >> 30; gib << 30 < end; gib++)
			s_ram_gibs[gib / 64] |= UINT64_C(1) << gib % 64;
		axhal_boot_add_ram(map[i].paddr, end);
	}
	return ram_end;
}

const uint64_t *x86_pvh_ram_gibs(void)
{
	return s_ram_gibs;
}

/* Within what the entry's page tables show. */
void *x86_pvh_boot_alloc(size_t bytes)
{
	return axhal_boot_alloc(bytes, KERNEL_VIEW_BYTES);
}

paddr_t axhal_boot_frame(void)
{
	return axhal_virt_to_phys(x86_pvh_boot_alloc(PAGE_SIZE));
}

axhal_image_place_t axhal_image_place(void)
{
	return (axhal_image_place_t){ (vaddr_t)ax_image_start, (size_t)(ax_ksyms - ax_image_start),
				      axhal_image_paddr(ax_image_start) };
}
