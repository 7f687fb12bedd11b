/* SPDX-License-Identifier: Apache-2.0 */
/* The page tables of the running kernel: Intel SDM volume 3A, section 4.5. See page_tables.h. */
#include <axhal/mem.h>
#include <base/base.h>
#include "cpuid.h"
#include "machine.h"
#include "page_tables.h"
#include "registers.h"

#define SIZE_2M       (UINT64_C(1) << 21)
#define SIZE_1G       (UINT64_C(1) << 30)

/* Filled by the entry: first GiB at 0 and in the direct map, and at the kernel's offset. */
_Alignas(PAGE_SIZE) page_entry_t axhal_boot_pml4[PAGE_ENTRIES];
_Alignas(PAGE_SIZE) page_entry_t axhal_boot_pdpt[PAGE_ENTRIES];
_Alignas(PAGE_SIZE) page_entry_t axhal_boot_pdpt_image[PAGE_ENTRIES];
_Alignas(PAGE_SIZE) page_entry_t axhal_boot_pd[PAGE_ENTRIES];

extern page_entry_t ax_image_tables[]; /* one page for each 2 MiB from physical 0 to the image's end */

static paddr_t s_direct_map_end;

/* Physical ranges of the first megabytes that are not plain read-write memory; the rest of the table is. */
static page_entry_t *map_range(page_entry_t *entry, paddr_t end, uint64_t rights)
{
	for (paddr_t page = (paddr_t)(entry - ax_image_tables) << PAGE_SHIFT; page < end; page += PAGE_SIZE)
		*entry++ = rights ? page | rights : 0;
	return entry;
}

static void map_image(void)
{
	page_entry_t *entry = ax_image_tables;
	paddr_t tables = axhal_image_paddr(ax_image_tables);
	size_t table_count = tables / SIZE_2M + 1;
	entry = map_range(entry, axhal_image_paddr(ax_image_start), PAGE_READ_WRITE);
	entry = map_range(entry, axhal_image_paddr(ax_text_end), PAGE_READ_EXECUTE);
	entry = map_range(entry, axhal_image_paddr(ax_rodata_end), PAGE_READ);
	entry = map_range(entry, axhal_image_paddr(ax_boot_guard), PAGE_READ_WRITE);
	entry = map_range(entry, axhal_image_paddr(ax_boot_stack), 0);
	entry = map_range(entry, axhal_image_paddr(ax_bss_end), PAGE_READ_WRITE);
	paddr_t end = table_count * SIZE_2M;
	entry = map_range(entry, AX_MIN(end, axhal_image_paddr(ax_ksyms) + axhal_symbols_bytes()), PAGE_READ);
	map_range(entry, end, PAGE_READ_WRITE);
	for (size_t i = 0; i < table_count; i++)
		axhal_boot_pd[i] = (tables + i * PAGE_SIZE) | PAGE_TABLE;
}

static void map_gib(size_t index, bool large_pages)
{
	if (large_pages) {
		axhal_boot_pdpt[index] = index * SIZE_1G | PAGE_READ_WRITE | PAGE_LARGE;
		return;
	}
	paddr_t frame = axhal_boot_frame();
	page_entry_t *directory = axhal_phys_to_virt(frame);
	for (size_t i = 0; i < PAGE_ENTRIES; i++)
		directory[i] = (index * SIZE_1G + i * SIZE_2M) | PAGE_READ_WRITE | PAGE_LARGE;
	axhal_boot_pdpt[index] = frame | PAGE_TABLE;
}

void axhal_page_tables_init(paddr_t ram_end, const uint64_t *ram_gibs)
{
	s_direct_map_end = align_up(ram_end, SIZE_2M);
	map_image();
	for (size_t i = s_direct_map_end / SIZE_2M; i < PAGE_ENTRIES; i++)
		axhal_boot_pd[i] = 0;
	bool large_pages = cpuid(0x80000001, 0).edx & CPUID_EXT1_EDX_PAGE_1G;
	for (size_t i = 1; i < PAGE_ENTRIES; i++) {
		if (ram_gibs[i / 64] >> i % 64 & 1)
			map_gib(i, large_pages);
	}
	axhal_boot_pml4[0] = 0;
	cr3_write(axhal_image_paddr(axhal_boot_pml4));
}

paddr_t axhal_direct_map_end(void)
{
	return s_direct_map_end;
}

page_entry_t *axhal_top_entry(uintptr_t vaddr)
{
	return &axhal_boot_pml4[vaddr >> 39 & (PAGE_ENTRIES - 1)];
}

page_entry_t *axhal_page_entry(uintptr_t vaddr, unsigned *level)
{
	page_entry_t *table = axhal_boot_pml4;
	for (unsigned shift = 39;; shift -= 9) {
		page_entry_t *entry = &table[vaddr >> shift & (PAGE_ENTRIES - 1)];
		*level = (shift - PAGE_SHIFT) / 9;
		if (!(*entry & PAGE_PRESENT) || shift == PAGE_SHIFT || (*entry & PAGE_LARGE))
			return entry;
		table = axhal_phys_to_virt(*entry & PAGE_ADDRESS);
	}
}

bool axhal_is_readable(uintptr_t address)
{
	unsigned level;
	bool canonical = (intptr_t)(address << 16) >> 16 == (intptr_t)address;
	return canonical && is_aligned(address, 8) && (*axhal_page_entry(address, &level) & PAGE_PRESENT);
}
