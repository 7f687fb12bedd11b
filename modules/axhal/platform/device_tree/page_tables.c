/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page table, made by the element page_table of frames that the boot takes. The image is linked at its place in the
 * direct map, so there is one view of it, and each page has its final rights in it: code is not writable, the rest not
 * executable, the page below the boot stack not there. Devices are not shown, so no cache is asked for them.
 */
#include <axconfig/axconfig.h>
#include <axhal/features.h>
#include <axhal/mem.h>
#include <base/base.h>
#include <panic/panic.h>
#include "boot_memory.h"
#include "cpu_setup.h"
#include "machine.h"
#include "machine_tree.h"
#include "page_tables.h"
#include "paging.h"

#define READ_WRITE (PAGE_READ | PAGE_WRITE)

static paddr_t s_root, s_direct_map_end;
static _Alignas(PAGE_SIZE) pte_t s_start_root[PTE_ENTRIES];

static paddr_t take_frame([[maybe_unused]] void *unused)
{
	return axhal_boot_frame();
}

static void *to_virt([[maybe_unused]] void *unused, paddr_t frame)
{
	return axhal_phys_to_virt(frame);
}

paddr_t axhal_boot_shown_end(void)
{
	uint64_t gib = UINT64_C(1) << 30;
	return align_down(axhal_image_paddr_of(ax_image_start), gib) + gib;
}

paddr_t axhal_boot_frame(void)
{
	return axhal_virt_to_phys(axhal_boot_alloc(PAGE_SIZE, axhal_boot_shown_end()));
}

static void give(page_table_t *table, const char *start, const char *end, page_flags_t flags)
{
	vaddr_t first = align_down((vaddr_t)start, PAGE_SIZE);
	ax_err_t error = page_table_protect(table, first, align_up((vaddr_t)end, PAGE_SIZE) - first, flags);
	ASSERT(error == AX_OK);
}

void axhal_page_tables_init(void)
{
	/* Rights change page by page with feature paging alone: the pages are such as can be split, or single ones. */
	const page_table_ops_t ops = {
		.alloc_frame = take_frame,
		.to_virt = to_virt,
		.largest_leaf_level = AXHAL_FEATURE_PAGING ? axhal_largest_split() : PTE_LARGEST_LEAF_LEVEL,
	};
	page_table_t table;
	ax_err_t error = page_table_init(&table, &ops, NULL);
	for (unsigned i = 0; i < axhal_tree.ram_count && error == AX_OK; i++) {
		const tree_range_t *ram = &axhal_tree.ram[i];
		if (ram->start >= DIRECT_MAP_BYTES)
			continue;
		paddr_t end = align_up(AX_MIN(ram->start + ram->bytes, DIRECT_MAP_BYTES), PAGE_SIZE);
		paddr_t start = align_down(ram->start, PAGE_SIZE);
		error = page_table_map(&table, AX_CONFIG_DIRECT_MAP_VADDR + start, start, end - start, READ_WRITE);
		s_direct_map_end = AX_MAX(s_direct_map_end, end);
	}
	ASSERT(error == AX_OK);
	give(&table, ax_text_start, ax_text_end, PAGE_READ | PAGE_EXECUTE);
	give(&table, ax_rodata_start, ax_rodata_end, PAGE_READ);
	give(&table, ax_boot_guard, ax_boot_stack, PAGE_NONE);
	give(&table, ax_ksyms, ax_ksyms + axhal_symbols_bytes(), PAGE_READ);
	s_root = page_table_root(&table);
	axhal_use_page_table(s_root);
}

void axhal_move_root(paddr_t root)
{
	s_root = root;
	axhal_use_page_table(root);
}

paddr_t axhal_root_table(void)
{
	return s_root;
}

paddr_t axhal_image_paddr_of(const void *image_vaddr)
{
	return axhal_virt_to_phys(image_vaddr);
}

axhal_image_place_t axhal_image_place(void)
{
	return (axhal_image_place_t){ (vaddr_t)ax_image_start, (size_t)(ax_ksyms - ax_image_start),
				      axhal_image_paddr_of(ax_image_start) };
}

paddr_t axhal_direct_map_end(void)
{
	return s_direct_map_end;
}

/* The direct map's entries of the root once more at the physical addresses: the same tables, so the same rights. */
paddr_t axhal_start_root(void)
{
	const pte_t *root = axhal_phys_to_virt(s_root);
	paddr_t image = axhal_image_paddr_of(ax_image_start);
	size_t step = pte_index(AX_CONFIG_DIRECT_MAP_VADDR, PTE_LEVELS - 1);
	for (size_t i = 0; i < PTE_ENTRIES; i++)
		s_start_root[i] = root[i];
	s_start_root[pte_index(image, PTE_LEVELS - 1)] = root[pte_index(image, PTE_LEVELS - 1) + step];
	return axhal_image_paddr_of(s_start_root);
}

bool axhal_is_readable(uintptr_t address)
{
	page_table_t table = axhal_page_table();
	page_flags_t flags;
	return is_aligned(address, 8) && page_table_query(&table, address, NULL, &flags, NULL) == AX_OK && (flags & PAGE_READ);
}
