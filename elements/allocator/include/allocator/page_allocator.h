/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocator of pages by address: the numbers of bitmap_allocator as addresses within one window [base, base + bytes).
 * The window may have holes: only what page_allocator_add() brought in is handed out. It never touches the pages
 * themselves, so the addresses may as well be physical ones.
 *
 * No locks: the caller serializes. Any context.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <axerrno/axerrno.h>
#include <bitmap_allocator/bitmap_allocator.h>
#include <memory_addr/memory_addr.h>

/** Opaque to callers. */
typedef struct page_allocator {
	bitmap_allocator_t bitmap;
	vaddr_t base;
	size_t total_pages; /* brought in: used and free */
} page_allocator_t;

/** Bytes of storage for a window of @p bytes, which are rounded down to pages; 0 for less than a page. */
static inline size_t page_allocator_storage_bytes(size_t bytes)
{
	return bitmap_allocator_storage_bytes(bytes / PAGE_SIZE);
}

/**
 * Make an allocator for the window of @p bytes at @p base, as yet without any page.
 * @param base     page aligned, not 0: 0 stands for "no memory"
 * @param storage  page_allocator_storage_bytes(bytes) bytes, the allocator's own as long as it lives
 * @retval AX_ERR_INVALID_INPUT  misaligned, 0, less than a page, past the end of the address space, or no storage
 */
static inline ax_err_t page_allocator_init(page_allocator_t *self, vaddr_t base, size_t bytes,
					   uint64_t *storage)
{
	bytes = align_down(bytes, PAGE_SIZE);
	if (!base || !is_aligned(base, PAGE_SIZE) || bytes > UINTPTR_MAX - base)
		return AX_ERR_INVALID_INPUT;

	ax_err_t error = bitmap_allocator_init(&self->bitmap, storage, bytes / PAGE_SIZE);
	if (error)
		return error;
	bitmap_allocator_set_first_number(&self->bitmap, base / PAGE_SIZE);
	self->base = base;
	self->total_pages = 0;
	return AX_OK;
}

static inline ax_err_t page_allocator_set_free(page_allocator_t *self, vaddr_t start, size_t pages)
{
	if (start < self->base || !is_aligned(start, PAGE_SIZE))
		return AX_ERR_INVALID_INPUT;
	return bitmap_allocator_free(&self->bitmap, (start - self->base) / PAGE_SIZE, pages);
}

/**
 * Bring in the whole pages of [start, start + bytes), none of which was brought in before.
 * @retval AX_ERR_INVALID_INPUT  no whole page, not within the window, or one of them is free; nothing changed
 */
static inline ax_err_t page_allocator_add(page_allocator_t *self, vaddr_t start, size_t bytes)
{
	if (bytes > UINTPTR_MAX - start || start > UINTPTR_MAX - PAGE_SIZE)
		return AX_ERR_INVALID_INPUT;

	vaddr_t first = align_up(start, PAGE_SIZE);
	vaddr_t end = align_down(start + bytes, PAGE_SIZE);
	if (first >= end)
		return AX_ERR_INVALID_INPUT;

	ax_err_t error = page_allocator_set_free(self, first, (end - first) / PAGE_SIZE);
	if (!error)
		self->total_pages += (end - first) / PAGE_SIZE;
	return error;
}

/** Pages that are free now. */
static inline size_t page_allocator_free_pages(const page_allocator_t *self)
{
	return bitmap_allocator_free_pages(&self->bitmap);
}

/** Pages that were brought in and are not free. */
static inline size_t page_allocator_used_pages(const page_allocator_t *self)
{
	return self->total_pages - page_allocator_free_pages(self);
}

/**
 * Free @p pages pages from @p start on: any part of what was allocated, in any cut.
 * @retval AX_ERR_INVALID_INPUT  misaligned, outside of the window, more than are in use, or one of them is free
 *                               already; nothing changed
 */
static inline ax_err_t page_allocator_free(page_allocator_t *self, vaddr_t start, size_t pages)
{
	if (pages > page_allocator_used_pages(self))
		return AX_ERR_INVALID_INPUT;
	return page_allocator_set_free(self, start, pages);
}

/**
 * Allocate @p pages pages in a row.
 * @param align_bytes  power of two; less than a page is a page
 * @return their address, 0 where no such run is free or a parameter is impossible
 */
static inline vaddr_t page_allocator_alloc(page_allocator_t *self, size_t pages, size_t align_bytes)
{
	size_t align_pages = align_bytes < PAGE_SIZE ? 1 : align_bytes / PAGE_SIZE;
	size_t first;

	if (!is_power_of_two(align_bytes) ||
	    bitmap_allocator_alloc(&self->bitmap, pages, align_pages, &first) != AX_OK)
		return 0;
	return self->base + first * PAGE_SIZE;
}

/**
 * Allocate these very pages, all of them free.
 * @retval AX_ERR_NO_MEMORY  one of them is not free; nothing changed
 * @retval AX_ERR_INVALID_INPUT  misaligned, or outside of the window
 */
static inline ax_err_t page_allocator_alloc_at(page_allocator_t *self, vaddr_t start, size_t pages)
{
	if (start < self->base || !is_aligned(start, PAGE_SIZE))
		return AX_ERR_INVALID_INPUT;
	return bitmap_allocator_alloc_at(&self->bitmap, (start - self->base) / PAGE_SIZE, pages);
}
