/* SPDX-License-Identifier: Apache-2.0 */
/* The pages by number, and by when they were used last. */
#include <base/base.h>
#include "private.h"

static block_cache_page_t **chain_of(block_cache_t *self, uint64_t number)
{
	return &self->chains[(number * UINT64_C(0x9e3779b97f4a7c15) >> 32) % BLOCK_CACHE_CHAINS];
}

size_t block_cache_page_bytes(const block_cache_t *self, uint64_t number)
{
	return (size_t)AX_MIN(block_device_bytes(self->device) - number * PAGE_BYTES, (uint64_t)PAGE_BYTES);
}

static void append_recent(block_cache_t *self, block_cache_page_t *page)
{
	page->recent_next = NULL;
	page->recent_prev = self->recent.last;
	*(page->recent_prev ? &page->recent_prev->recent_next : &self->recent.first) = page;
	self->recent.last = page;
}

static void unlink_recent(block_cache_t *self, block_cache_page_t *page)
{
	*(page->recent_prev ? &page->recent_prev->recent_next : &self->recent.first) = page->recent_next;
	*(page->recent_next ? &page->recent_next->recent_prev : &self->recent.last) = page->recent_prev;
}

block_cache_page_t *block_cache_find(block_cache_t *self, uint64_t number)
{
	block_cache_page_t *page = *chain_of(self, number);
	while (page && page->number != number)
		page = page->chain;
	if (page && page != self->recent.last) {
		unlink_recent(self, page);
		append_recent(self, page);
	}
	return page;
}

/* Out of the chain and the list: the memory is the caller's. */
static void take_out(block_cache_t *self, block_cache_page_t *page)
{
	block_cache_page_t **link = chain_of(self, page->number);
	while (*link != page)
		link = &(*link)->chain;
	*link = page->chain;
	unlink_recent(self, page);
	self->pages--;
}

void block_cache_remove(block_cache_t *self, block_cache_page_t *page)
{
	take_out(self, page);
	self->host->free_page(page->data);
	self->host->free(page);
}

static block_cache_page_t *allocate(const block_cache_host_t *host)
{
	block_cache_page_t *page = host->allocate(sizeof *page);
	if (!page)
		return NULL;
	*page = (block_cache_page_t){ .data = host->allocate_page() };
	if (page->data)
		return page;
	host->free(page);
	return NULL;
}

/* The clean page that was not used for the longest time; if all are dirty the oldest epoch is written first. */
static block_cache_page_t *reclaim(block_cache_t *self)
{
	for (int tries = 0; tries < 2; tries++) {
		for (block_cache_page_t *page = self->recent.first; page; page = page->recent_next) {
			if (!page->is_dirty && !page->is_busy) {
				take_out(self, page);
				return page;
			}
		}
		if (!self->to_write.first || block_cache_write_back(self, self->to_write.first->epoch) != AX_OK)
			return NULL;
	}
	return NULL;
}

block_cache_page_t *block_cache_add(block_cache_t *self, uint64_t number)
{
	block_cache_page_t *page = self->pages < self->max_pages ? allocate(self->host) : NULL;
	if (!page)
		page = reclaim(self);
	if (!page)
		return NULL;
	page->number = number;
	page->chain = *chain_of(self, number);
	*chain_of(self, number) = page;
	append_recent(self, page);
	self->pages++;
	return page;
}
