/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's page tables after boot, as a page_table: where its frames come from, and windows onto devices. */
#include <axhal/mem.h>
#include <axhal/paging.h>
#include "paging.h"

/* Enough for the interrupt controllers' windows in an image that has no allocator. */
#define POOL_FRAMES 3u

static _Alignas(PAGE_SIZE) char s_pool[POOL_FRAMES][PAGE_SIZE];
static size_t s_pool_used; /* under axhal_page_table_lock */
static paddr_t (*s_frame_source)(void);

spinlock_t axhal_page_table_lock = SPINLOCK_INIT;

void axhal_set_frame_source(paddr_t (*alloc_frame)(void))
{
	s_frame_source = alloc_frame;
}

static paddr_t alloc_frame(void *unused)
{
	(void)unused;
	if (s_pool_used < POOL_FRAMES)
		return axhal_image_paddr_of(s_pool[s_pool_used++]);
	return s_frame_source ? s_frame_source() : 0;
}

static void *to_virt(void *unused, paddr_t frame)
{
	(void)unused;
	return axhal_phys_to_virt(frame);
}

/* Never trimmed nor destroyed, so no frame is freed. What is mapped after boot are windows, by 2 MiB. */
static const page_table_ops_t s_ops = { .alloc_frame = alloc_frame, .to_virt = to_virt, .largest_leaf_level = 1 };

page_table_t axhal_page_table(void)
{
	page_table_t table;
	page_table_adopt(&table, &s_ops, NULL, axhal_root_table());
	return table;
}

#define WINDOWS_VADDR (AX_CONFIG_DIRECT_MAP_VADDR + DIRECT_MAP_BYTES)

/* Devices whose registers share a page share its window. Under axhal_page_table_lock. */
static bool map_windows(paddr_t paddr, size_t bytes)
{
	const size_t step = pte_level_bytes(1);
	page_table_t table = axhal_page_table();
	for (paddr_t page = align_down(paddr, step); page < paddr + bytes; page += step) {
		ax_err_t error = page_table_map(&table, WINDOWS_VADDR + page, page, step,
						PAGE_READ | PAGE_WRITE | PAGE_DEVICE);
		if (error != AX_OK && error != AX_ERR_ALREADY_EXISTS)
			return false;
	}
	axhal_see_new_mappings();
	return true;
}

void *axhal_map_device(paddr_t paddr, size_t bytes)
{
	axhal_lock_page_table();
	bool mapped = map_windows(paddr, bytes);
	spin_unlock(&axhal_page_table_lock);
	return mapped ? (void *)(WINDOWS_VADDR + paddr) : NULL;
}
