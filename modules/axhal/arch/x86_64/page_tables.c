/* SPDX-License-Identifier: Apache-2.0 */
/* The page tables of the running kernel: Intel SDM volume 3A, section 4.5. See page_tables.h. */
#include <axhal/mem.h>
#include <base/base.h>
#include "boot_memory.h"
#include "cpuid.h"
#include "machine.h"
#include "page_tables.h"
#include "registers.h"

#define SIZE_2M    (UINT64_C(1) << 21)
#define SIZE_1G    (UINT64_C(1) << 30)
#define READ_WRITE (PAGE_READ | PAGE_WRITE)

/* Filled by the entry: first GiB at 0 and in the direct map, and at the kernel's offset. */
_Alignas(PAGE_SIZE) pte_t axhal_boot_pml4[PTE_ENTRIES];
_Alignas(PAGE_SIZE) pte_t axhal_boot_pdpt[PTE_ENTRIES];
_Alignas(PAGE_SIZE) pte_t axhal_boot_pdpt_image[PTE_ENTRIES];
_Alignas(PAGE_SIZE) pte_t axhal_boot_pd[PTE_ENTRIES];

extern pte_t ax_image_tables[]; /* one page for each 2 MiB from physical 0 to the image's end */

static paddr_t s_direct_map_end;

/* Physical ranges of the first megabytes that are not plain read-write memory; the rest of the table is. */
static pte_t *map_range(pte_t *entry, paddr_t end, page_flags_t flags)
{
	for (paddr_t page = (paddr_t)(entry - ax_image_tables) << PAGE_SHIFT; page < end; page += PAGE_SIZE)
		*entry++ = pte_leaf(page, flags, 0);
	return entry;
}

static void map_image(void)
{
	pte_t *entry = ax_image_tables;
	paddr_t tables = axhal_image_paddr(ax_image_tables);
	size_t table_count = tables / SIZE_2M + 1;
	entry = map_range(entry, axhal_image_paddr(ax_image_start), READ_WRITE);
	entry = map_range(entry, axhal_image_paddr(ax_text_end), PAGE_READ | PAGE_EXECUTE);
	entry = map_range(entry, axhal_image_paddr(ax_rodata_end), PAGE_READ);
	entry = map_range(entry, axhal_image_paddr(ax_boot_guard), READ_WRITE);
	entry = map_range(entry, axhal_image_paddr(ax_boot_stack), PAGE_NONE);
	entry = map_range(entry, axhal_image_paddr(ax_bss_end), READ_WRITE);
	paddr_t end = table_count * SIZE_2M;
	entry = map_range(entry, AX_MIN(end, axhal_image_paddr(ax_ksyms) + axhal_symbols_bytes()), PAGE_READ);
	map_range(entry, end, READ_WRITE);
	for (size_t i = 0; i < table_count; i++)
		axhal_boot_pd[i] = pte_table(tables + i * PAGE_SIZE);
}

static void map_gib(size_t index, bool large_pages)
{
	if (large_pages) {
		axhal_boot_pdpt[index] = pte_leaf(index * SIZE_1G, READ_WRITE, 2);
		return;
	}
	paddr_t frame = axhal_boot_frame();
	pte_t *directory = axhal_phys_to_virt(frame);
	for (size_t i = 0; i < PTE_ENTRIES; i++)
		directory[i] = pte_leaf(index * SIZE_1G + i * SIZE_2M, READ_WRITE, 1);
	axhal_boot_pdpt[index] = pte_table(frame);
}

void axhal_page_tables_init(paddr_t ram_end, const uint64_t *ram_gibs)
{
	s_direct_map_end = align_up(ram_end, SIZE_2M);
	map_image();
	for (size_t i = s_direct_map_end / SIZE_2M; i < PTE_ENTRIES; i++)
		axhal_boot_pd[i] = 0;
	bool large_pages = cpuid(0x80000001, 0).edx & CPUID_EXT1_EDX_PAGE_1G;
	for (size_t i = 1; i < PTE_ENTRIES; i++) {
		if (ram_gibs[i / 64] >> i % 64 & 1)
			map_gib(i, large_pages);
	}
	axhal_boot_pml4[0] = 0;
	cr3_write(axhal_image_paddr(axhal_boot_pml4));
}

paddr_t axhal_root_table(void)
{
	return axhal_image_paddr(axhal_boot_pml4);
}

paddr_t axhal_image_paddr_of(const void *image_vaddr)
{
	return axhal_image_paddr(image_vaddr);
}

/* The processor holds no "not mapped": Intel SDM volume 3A, section 4.10.2.3. */
void axhal_see_new_mappings(void)
{
}

paddr_t axhal_direct_map_end(void)
{
	return s_direct_map_end;
}

bool axhal_is_readable(uintptr_t address)
{
	if (!pte_vaddr_is_valid(address) || !is_aligned(address, 8))
		return false;
	const pte_t *table = axhal_boot_pml4;
	for (unsigned level = PTE_LEVELS - 1;; level--) {
		pte_t entry = table[pte_index(address, level)];
		if (!pte_is_table(entry, level))
			return pte_flags(entry) & PAGE_READ;
		table = axhal_phys_to_virt(pte_paddr(entry, level));
	}
}
