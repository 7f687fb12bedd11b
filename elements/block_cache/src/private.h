/* SPDX-License-Identifier: Apache-2.0 */
/* Pages, and what the files share. All under the user's lock. */
#pragma once

#include <block_cache/block_cache.h>

#define PAGE_BYTES BLOCK_CACHE_PAGE_BYTES

typedef struct block_cache_page {
	struct block_cache_page *chain;                   /* the next one of the same hash */
	struct block_cache_page *recent_prev, *recent_next;
	struct block_cache_page *write_prev, *write_next; /* if dirty */
	uint64_t number;                                  /* offset on the device / PAGE_BYTES */
	uint64_t epoch;                                   /* if dirty: of the write */
	bool is_dirty;
	bool is_busy;                                     /* being read: not to be reclaimed */
	uint8_t *data;
} block_cache_page_t;

/* pages.c */

/** The page, now the most recently used one, or NULL. */
block_cache_page_t *block_cache_find(block_cache_t *self, uint64_t number);

/** A page that is not there yet, with memory but without contents: by writing others back if it must. NULL: no memory. */
block_cache_page_t *block_cache_add(block_cache_t *self, uint64_t number);

/** Forget a clean page. */
void block_cache_remove(block_cache_t *self, block_cache_page_t *page);

/** Bytes of this page that the device has: the last one may be short. */
size_t block_cache_page_bytes(const block_cache_t *self, uint64_t number);

/* write_back.c */

/** The page's contents have been changed just now. */
void block_cache_make_dirty(block_cache_t *self, block_cache_page_t *page);

/** Write all dirty pages of epochs up to @p epoch, in order; stops at the first error. */
ax_err_t block_cache_write_back(block_cache_t *self, uint64_t epoch);

/** Before something of the current epoch is written past the cache: what older epochs have written is made durable. */
ax_err_t block_cache_write_older(block_cache_t *self);
