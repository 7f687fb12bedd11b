/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RAM of a PVH machine: the loader's memory map less the image, the low pages of firmware and processor start-up, and
 * what the loader left in RAM for us. Fixed once axhal_start_main() runs.
 */
#include <axhal/mem.h>
#include <base/base.h>
#include <panic/panic.h>
#include "../../arch/x86_64/page_tables.h"
#include "machine.h"
#include "memory.h"

#define REGIONS 16u
#define HOLES   6u

/* Real-mode vectors and BIOS data, and the page for the start code of further processors. */
#define LOW_RESERVED_BYTES (X86_PVH_START_PADDR + PAGE_SIZE)

static axhal_mem_region_t s_free[REGIONS];
static size_t s_free_count;
static size_t s_ram_bytes;
static uint64_t s_ram_gibs[512 / 64];

static struct {
	paddr_t start, end;
} s_hole[HOLES];
static size_t s_hole_count;

void x86_pvh_reserve(paddr_t start, size_t bytes)
{
	if (!bytes)
		return;
	ASSERT(s_hole_count < HOLES);
	s_hole[s_hole_count].start = align_down(start, PAGE_SIZE);
	s_hole[s_hole_count++].end = align_up(start + bytes, PAGE_SIZE);
}

/* Keeps the order by address; a map with more pieces than there is room for loses the last. */
static void insert_free(paddr_t start, paddr_t end)
{
	if (s_free_count == REGIONS)
		return;
	size_t i = s_free_count++;
	for (; i && s_free[i - 1].start_paddr > start; i--)
		s_free[i] = s_free[i - 1];
	s_free[i] = (axhal_mem_region_t){ start, end - start };
}

/* [start, end) touches none of the holes before @p hole. */
static void add_free(paddr_t start, paddr_t end, size_t hole)
{
	for (; hole < s_hole_count && start < end; hole++) {
		if (s_hole[hole].end <= start || s_hole[hole].start >= end)
			continue;
		if (s_hole[hole].start > start)
			add_free(start, s_hole[hole].start, hole + 1);
		start = s_hole[hole].end;
	}
	if (start < end)
		insert_free(start, end);
}

paddr_t x86_pvh_memory_init(const memory_map_entry_t *map, size_t entries)
{
	paddr_t ram_end = 0;
	x86_pvh_reserve(0, LOW_RESERVED_BYTES);
	x86_pvh_reserve(axhal_image_paddr(ax_image_start), axhal_image_paddr(ax_ksyms) + axhal_symbols_bytes() -
								   axhal_image_paddr(ax_image_start));
	for (size_t i = 0; i < entries; i++) {
		if (map[i].type != MEMORY_MAP_RAM || map[i].paddr >= DIRECT_MAP_BYTES)
			continue;
		paddr_t end = AX_MIN(map[i].paddr + map[i].size, DIRECT_MAP_BYTES);
		s_ram_bytes += end - map[i].paddr;
		ram_end = AX_MAX(ram_end, end);
		for (size_t gib = map[i].paddr >> 30; gib << 30 < end; gib++)
			s_ram_gibs[gib / 64] |= UINT64_C(1) << gib % 64;
		add_free(align_up(map[i].paddr, PAGE_SIZE), align_down(end, PAGE_SIZE), 0);
	}
	return ram_end;
}

const uint64_t *x86_pvh_ram_gibs(void)
{
	return s_ram_gibs;
}

void *x86_pvh_boot_alloc(size_t bytes)
{
	bytes = align_up(bytes, PAGE_SIZE);
	/* The second region is above the image on every machine; low memory is what devices may need. */
	for (size_t i = s_free_count; i-- > 0;) {
		axhal_mem_region_t *region = &s_free[i];
		/* Within what the entry's page tables show. */
		if (region->size_bytes < bytes || region->start_paddr + bytes > UINT64_C(1) << 30)
			continue;
		paddr_t paddr = region->start_paddr;
		region->start_paddr += bytes;
		region->size_bytes -= bytes;
		return __builtin_memset(axhal_phys_to_virt(paddr), 0, bytes);
	}
	PANIC("no memory to boot: %zu bytes wanted", bytes);
}

paddr_t axhal_boot_frame(void)
{
	return axhal_virt_to_phys(x86_pvh_boot_alloc(PAGE_SIZE));
}

const axhal_mem_region_t *axhal_free_regions(size_t *count)
{
	*count = s_free_count;
	return s_free;
}

size_t axhal_ram_bytes(void)
{
	return s_ram_bytes;
}

axhal_image_place_t axhal_image_place(void)
{
	return (axhal_image_place_t){ (vaddr_t)ax_image_start, (size_t)(ax_ksyms - ax_image_start),
				      axhal_image_paddr(ax_image_start) };
}
