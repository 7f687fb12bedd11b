/* SPDX-License-Identifier: Apache-2.0 */
/* Changing the page tables after boot: rights of the direct map, and windows onto devices. */
#include <axhal/mem.h>
#include <axhal/paging.h>
#include <base/base.h>
#include "page_tables.h"
#include "registers.h"

#define SIZE_2M (UINT64_C(1) << 21)

/* Enough for the interrupt controllers' windows in an image that has no allocator. */
#define POOL_FRAMES 2u

static _Alignas(PAGE_SIZE) char s_pool[POOL_FRAMES][PAGE_SIZE];
static size_t s_pool_used;
static paddr_t (*s_frame_source)(void);

void axhal_set_frame_source(paddr_t (*alloc_frame)(void))
{
	s_frame_source = alloc_frame;
}

paddr_t axhal_page_table_frame(void)
{
	if (s_pool_used < POOL_FRAMES)
		return axhal_image_paddr(s_pool[s_pool_used++]);
	paddr_t frame = s_frame_source ? s_frame_source() : 0;
	if (frame)
		__builtin_memset(axhal_phys_to_virt(frame), 0, PAGE_SIZE);
	return frame;
}

/* Replace the large page at @p entry, on @p level, by a table of pages of the next level with the same rights. */
static bool split(page_entry_t *entry, unsigned level)
{
	paddr_t frame = axhal_page_table_frame();
	if (!frame)
		return false;
	page_entry_t *table = axhal_phys_to_virt(frame);
	page_entry_t leaf = level == 1 ? *entry & ~(page_entry_t)PAGE_LARGE : *entry;
	size_t step = PAGE_SIZE << 9 * (level - 1);
	for (size_t i = 0; i < PAGE_ENTRIES; i++)
		table[i] = leaf + i * step;
	*entry = frame | PAGE_TABLE;
	return true;
}

static uint64_t rights_of(axhal_access_t access)
{
	switch (access) {
	case AXHAL_ACCESS_READ:
		return PAGE_READ;
	case AXHAL_ACCESS_READ_WRITE:
		return PAGE_READ_WRITE;
	case AXHAL_ACCESS_READ_EXECUTE:
		return PAGE_READ_EXECUTE;
	default:
		return 0;
	}
}

/* The entry that maps @p vaddr and nothing outside the range; its size out. NULL if a frame for a table was missing. */
static page_entry_t *entry_within(vaddr_t vaddr, size_t bytes, size_t *entry_bytes)
{
	for (;;) {
		unsigned level;
		page_entry_t *entry = axhal_page_entry(vaddr, &level);
		*entry_bytes = PAGE_SIZE << 9 * level;
		if (level == 0 || (is_aligned(vaddr, *entry_bytes) && bytes >= *entry_bytes))
			return entry;
		if (!split(entry, level))
			return NULL;
	}
}

ax_err_t axhal_protect(vaddr_t vaddr, size_t bytes, axhal_access_t access)
{
	paddr_t paddr = vaddr - AX_CONFIG_DIRECT_MAP_VADDR;
	paddr_t end = axhal_direct_map_end();
	if (!is_aligned(vaddr | bytes, PAGE_SIZE) || paddr >= end || bytes > end - paddr)
		return AX_ERR_INVALID_INPUT;
	/* First every split, which may fail and changes no right; then the rights. */
	size_t step;
	for (size_t done = 0; done < bytes; done += step) {
		if (!entry_within(vaddr + done, bytes - done, &step))
			return AX_ERR_NO_MEMORY;
	}
	uint64_t rights = rights_of(access);
	for (size_t done = 0; done < bytes; done += step) {
		page_entry_t *entry = entry_within(vaddr + done, bytes - done, &step);
		uint64_t large = step > PAGE_SIZE ? PAGE_LARGE : 0;
		*entry = rights ? (paddr + done) | rights | large : 0;
		page_invalidate(vaddr + done);
	}
	return AX_OK;
}

/* The next-level table behind @p entry, made if absent. */
static page_entry_t *table_at(page_entry_t *entry)
{
	if (!*entry) {
		paddr_t frame = axhal_page_table_frame();
		if (!frame)
			return NULL;
		*entry = frame | PAGE_TABLE;
	}
	return axhal_phys_to_virt(*entry & PAGE_ADDRESS);
}

void *axhal_map_device(paddr_t paddr, size_t bytes)
{
	uintptr_t window = AX_CONFIG_DIRECT_MAP_VADDR + DIRECT_MAP_BYTES;
	for (paddr_t page = align_down(paddr, SIZE_2M); page < paddr + bytes; page += SIZE_2M) {
		page_entry_t *directories = table_at(axhal_top_entry(window));
		page_entry_t *pages = directories ? table_at(&directories[page >> 30]) : NULL;
		if (!pages)
			return NULL;
		pages[page >> 21 & (PAGE_ENTRIES - 1)] = page | PAGE_READ_WRITE | PAGE_LARGE | PAGE_CACHE_DISABLE |
							 PAGE_WRITE_THROUGH;
	}
	return (void *)(uintptr_t)(window + paddr);
}
