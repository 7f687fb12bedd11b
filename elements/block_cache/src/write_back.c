/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dirty pages, in a list that is ordered by epoch because each one goes to its end. A page is of one epoch: who changes
 * it in a later one writes the older contents first. Writes of an epoch begin when all that was written before it is
 * durable.
 */
#include <base/base.h>
#include "private.h"

/* Pages that are written at once, sorted, so that neighbours are one request. */
enum { BATCH = 64 };

static void append(block_cache_t *self, block_cache_page_t *page)
{
	page->write_next = NULL;
	page->write_prev = self->to_write.last;
	*(page->write_prev ? &page->write_prev->write_next : &self->to_write.first) = page;
	self->to_write.last = page;
	page->is_dirty = true;
	self->dirty++;
}

static void make_clean(block_cache_t *self, block_cache_page_t *page)
{
	*(page->write_prev ? &page->write_prev->write_next : &self->to_write.first) = page->write_next;
	*(page->write_next ? &page->write_next->write_prev : &self->to_write.last) = page->write_prev;
	page->is_dirty = false;
	self->dirty--;
	self->written++;
}

void block_cache_make_dirty(block_cache_t *self, block_cache_page_t *page)
{
	if (page->is_dirty)
		return; /* of this epoch: see block_cache_write() */
	page->epoch = self->epoch;
	append(self, page);
}

static ax_err_t flush_device(block_cache_t *self)
{
	if (!self->needs_flush)
		return AX_OK;
	ax_err_t error = block_device_flush(self->device);
	if (!error)
		self->needs_flush = false;
	return error;
}

/* Insertion: batches are small, and mostly sorted already. */
static void insert(block_cache_page_t **batch, size_t count, block_cache_page_t *page)
{
	for (; count && batch[count - 1]->number > page->number; count--)
		batch[count] = batch[count - 1];
	batch[count] = page;
}

/* Pages of the first epoch, up to BATCH, by number. */
static size_t take_batch(const block_cache_t *self, block_cache_page_t **batch)
{
	size_t count = 0;
	uint64_t epoch = self->to_write.first->epoch;
	for (block_cache_page_t *page = self->to_write.first; page && page->epoch == epoch && count < BATCH; page = page->write_next)
		insert(batch, count++, page);
	return count;
}

/* One request for each run of neighbours, all of them under way together. */
static ax_err_t write_batch(block_cache_t *self, block_cache_page_t **batch, size_t count)
{
	block_segment_t segments[BATCH];
	block_request_t requests[BATCH], *list[BATCH] = { NULL };
	size_t first_of[BATCH + 1], runs = 0;
	unsigned shift = self->device->block_shift;
	uint64_t blocks = 0;
	for (size_t i = 0; i < count; i++) {
		size_t bytes = block_cache_page_bytes(self, batch[i]->number);
		segments[i] = (block_segment_t){ batch[i]->data, bytes };
		bool follows = i && batch[i]->number == batch[i - 1]->number + 1 &&
			       i - first_of[runs - 1] < self->device->max_segments &&
			       blocks + (bytes >> shift) <= self->device->max_blocks;
		if (!follows) {
			first_of[runs++] = i;
			blocks = 0;
		}
		blocks += bytes >> shift;
		size_t first = first_of[runs - 1];
		requests[runs - 1] = BLOCK_REQUEST(BLOCK_WRITE, batch[first]->number * PAGE_BYTES >> shift, blocks,
						   &segments[first], i + 1 - first);
		list[runs - 1] = &requests[runs - 1];
	}
	first_of[runs] = count;
	self->needs_flush = true;
	block_device_submit_all(self->device, list, runs);
	ax_err_t result = AX_OK;
	for (size_t run = 0; run < runs; run++) {
		ax_err_t error = block_device_wait(self->device, &requests[run]);
		for (size_t i = first_of[run]; !error && i < first_of[run + 1]; i++)
			make_clean(self, batch[i]);
		result = result ? result : error;
	}
	return result;
}

ax_err_t block_cache_write_back(block_cache_t *self, uint64_t epoch)
{
	while (self->to_write.first && self->to_write.first->epoch <= epoch) {
		if (self->to_write.first->epoch != self->device_epoch) {
			ax_err_t error = flush_device(self);
			if (error)
				return error;
			self->device_epoch = self->to_write.first->epoch;
		}
		block_cache_page_t *batch[BATCH];
		ax_err_t error = write_batch(self, batch, take_batch(self, batch));
		if (error)
			return error;
	}
	return AX_OK;
}

ax_err_t block_cache_write_older(block_cache_t *self)
{
	ax_err_t error = self->epoch ? block_cache_write_back(self, self->epoch - 1) : AX_OK;
	if (!error && self->device_epoch != self->epoch)
		error = flush_device(self);
	if (!error)
		self->device_epoch = self->epoch;
	return error;
}

static void lock(block_cache_t *self)
{
	if (self->host->lock)
		self->host->lock(self->host->context);
}

static void unlock(block_cache_t *self)
{
	if (self->host->lock)
		self->host->unlock(self->host->context);
}

void block_cache_barrier(block_cache_t *self)
{
	lock(self);
	self->epoch++;
	unlock(self);
}

static ax_err_t flush(block_cache_t *self)
{
	ax_err_t error = block_cache_write_back(self, UINT64_MAX);
	return error ? error : flush_device(self);
}

ax_err_t block_cache_flush(block_cache_t *self)
{
	lock(self);
	ax_err_t error = flush(self);
	unlock(self);
	return error;
}

ax_err_t block_cache_end(block_cache_t *self)
{
	lock(self);
	ax_err_t error = flush(self);
	while (self->recent.first)
		block_cache_remove(self, self->recent.first);
	self->to_write = (block_cache_list_t){};
	self->dirty = 0;
	unlock(self);
	return error;
}
