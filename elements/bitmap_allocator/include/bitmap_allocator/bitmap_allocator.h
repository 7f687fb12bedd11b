/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocator of pages, numbered from 0, over a bitmap: one bit a page, set while the page is free. Above it lie
 * summary levels, one bit for each word of the level below, set while that word is not 0. The lowest free page is thus
 * found in as many steps as there are levels (3 up to 1 GiB, 4 up to 64 GiB), and a search for a run of pages skips what
 * is in use 64, 4096, ... pages at a time. Runs are first fit: lowest first.
 *
 * The bitmap lies in storage that the caller gives. Pages are nothing but numbers here: page_allocator
 * (element allocator) makes addresses of them.
 *
 * No locks: the caller serializes. Any context.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <axerrno/axerrno.h>
#include <base/base.h>

enum { BITMAP_ALLOCATOR_MAX_LEVELS = 6 };

/** The most pages that one allocator manages: 64^6. */
#define BITMAP_ALLOCATOR_MAX_PAGES ((size_t)1 << (6 * BITMAP_ALLOCATOR_MAX_LEVELS))

/** Opaque to callers. */
typedef struct bitmap_allocator {
	uint64_t *level[BITMAP_ALLOCATOR_MAX_LEVELS]; /* [0] the pages; the last one is a single word */
	size_t bits[BITMAP_ALLOCATOR_MAX_LEVELS];
	unsigned levels;
	size_t free_pages;
	size_t first_number;
} bitmap_allocator_t;

#pragma GCC visibility push(default)

/** Bytes of storage for @p pages pages; 0 for 0 pages or too many. */
size_t bitmap_allocator_storage_bytes(size_t pages);

/**
 * Make an allocator of pages 0 to @p pages - 1, all in use: bitmap_allocator_free() brings in those that exist.
 * @param storage  bitmap_allocator_storage_bytes(pages) bytes, the allocator's own as long as it lives
 * @retval AX_ERR_INVALID_INPUT  no storage, no pages, or more than BITMAP_ALLOCATOR_MAX_PAGES
 */
ax_err_t bitmap_allocator_init(bitmap_allocator_t *self, uint64_t *storage, size_t pages);

/**
 * Free @p pages pages from @p first_page on; any part of what was allocated, in any cut.
 * @retval AX_ERR_INVALID_INPUT  no pages, out of range, or one of them is free already; nothing changed
 */
ax_err_t bitmap_allocator_free(bitmap_allocator_t *self, size_t first_page, size_t pages);

/**
 * Allocate @p pages pages in a row.
 * @param align_pages  power of two; the first page's number (see first_number) is a multiple of it
 * @param[out] first_page  untouched on errors
 * @retval AX_ERR_NO_MEMORY  no such run is free
 * @retval AX_ERR_INVALID_INPUT  no pages, or @p align_pages is no power of two
 */
ax_err_t bitmap_allocator_alloc(bitmap_allocator_t *self, size_t pages, size_t align_pages,
				size_t *first_page);

/**
 * Take these very pages out of the free ones.
 * @retval AX_ERR_NO_MEMORY  one of them is not free; nothing changed
 * @retval AX_ERR_INVALID_INPUT  no pages, or out of range
 */
ax_err_t bitmap_allocator_alloc_at(bitmap_allocator_t *self, size_t first_page, size_t pages);

#pragma GCC visibility pop

/** Page 0 counts as page @p number when pages are aligned; 0 after bitmap_allocator_init(). */
static inline void bitmap_allocator_set_first_number(bitmap_allocator_t *self, size_t number)
{
	self->first_number = number;
}

static inline size_t bitmap_allocator_free_pages(const bitmap_allocator_t *self)
{
	return self->free_pages;
}

/** Pages that are not free, those that were never brought in among them. */
static inline size_t bitmap_allocator_used_pages(const bitmap_allocator_t *self)
{
	return self->bits[0] - self->free_pages;
}
