/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing by the byte. */
#include <base/base.h>
#include <memstr/memstr.h>
#include "private.h"

/* Runs of so many pages or more that are not in memory are read past the cache; read-ahead goes up to it. */
enum { LONG_RUN = 32 };

void block_cache_init(block_cache_t *self, block_device_t *device, const block_cache_host_t *host, size_t max_pages,
		      size_t max_dirty)
{
	*self = (block_cache_t){ .device = device, .host = host, .max_pages = max_pages, .max_dirty = max_dirty };
}

static bool is_in_range(const block_cache_t *self, uint64_t offset, size_t bytes)
{
	uint64_t end = block_device_bytes(self->device);
	return offset <= end && bytes <= end - offset;
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

static uint64_t block_of(const block_cache_t *self, uint64_t number)
{
	return number * PAGE_BYTES >> self->device->block_shift;
}

/* @p count pages from @p number on that are not in memory, into as many as there is room for, in one transfer. */
static ax_err_t fill(block_cache_t *self, uint64_t number, size_t count, block_cache_page_t **first)
{
	block_cache_page_t *pages[LONG_RUN];
	block_segment_t segments[LONG_RUN];
	size_t got = 0;
	*first = NULL;
	while (got < count && (pages[got] = block_cache_add(self, number + got))) {
		pages[got]->is_busy = true;
		segments[got] = (block_segment_t){ pages[got]->data, block_cache_page_bytes(self, number + got) };
		got++;
	}
	if (!got)
		return AX_OK;
	ax_err_t error = block_device_read_segments(self->device, block_of(self, number), segments, got);
	for (size_t i = 0; i < got; i++) {
		pages[i]->is_busy = false;
		if (error)
			block_cache_remove(self, pages[i]);
	}
	if (error)
		return error;
	self->read_ahead += got - 1;
	*first = pages[0];
	return AX_OK;
}

/* How many pages from @p number on are not in memory, at most @p limit. */
static size_t missing_run(block_cache_t *self, uint64_t number, size_t limit)
{
	uint64_t end = (block_device_bytes(self->device) + PAGE_BYTES - 1) / PAGE_BYTES;
	size_t run = 0;
	while (run < limit && number + run < end && !block_cache_find(self, number + run))
		run++;
	return run;
}

/*
 * The page with its contents. Sequential reads widen the window, others close it. *page is NULL, without error, if there
 * is no memory.
 */
static ax_err_t get(block_cache_t *self, uint64_t number, bool may_read_ahead, block_cache_page_t **page)
{
	*page = block_cache_find(self, number);
	if (may_read_ahead && number != self->expected)
		self->window = 0;
	if (may_read_ahead)
		self->expected = number + 1;
	if (*page) {
		self->hits++;
		return AX_OK;
	}
	self->misses++;
	if (!may_read_ahead)
		return fill(self, number, 1, page);
	self->window = AX_MIN(self->window ? self->window * 2 : 1u, (unsigned)LONG_RUN);
	size_t run = missing_run(self, number, self->window);
	ax_err_t error = fill(self, number, run, page);
	/* Something behind may be bad that nobody has asked for. */
	return error && run > 1 ? fill(self, number, 1, page) : error;
}

/* Without memory: the device's blocks around [at, at + bytes) of a page, by way of the stack. */
static ax_err_t access_directly(block_cache_t *self, uint64_t number, size_t at, void *to, const void *from, size_t bytes)
{
	uint8_t bounce[PAGE_BYTES];
	size_t mask = self->device->block_bytes - 1, start = at & ~mask, end = (at + bytes + mask) & ~mask;
	uint64_t first = block_of(self, number) + (start >> self->device->block_shift);
	uint64_t count = (end - start) >> self->device->block_shift;
	ax_err_t error = from ? block_cache_write_older(self) : AX_OK;
	if (!error)
		error = block_device_read(self->device, first, count, bounce);
	if (error)
		return error;
	if (!from) {
		memcpy(to, bounce + (at - start), bytes);
		return AX_OK;
	}
	memcpy(bounce + (at - start), from, bytes);
	self->needs_flush = true;
	return block_device_write(self->device, first, count, bounce);
}

/* What lies in one page. */
static ax_err_t read_piece(block_cache_t *self, uint64_t number, size_t at, void *to, size_t bytes)
{
	block_cache_page_t *page;
	ax_err_t error = get(self, number, true, &page);
	if (error)
		return error;
	if (!page)
		return access_directly(self, number, at, to, NULL, bytes);
	memcpy(to, page->data + at, bytes);
	return AX_OK;
}

ax_err_t block_cache_read(block_cache_t *self, uint64_t offset, void *buffer, size_t bytes)
{
	if (!is_in_range(self, offset, bytes))
		return AX_ERR_OUT_OF_RANGE;
	uint8_t *to = buffer;
	ax_err_t error = AX_OK;
	lock(self);
	while (!error && bytes) {
		uint64_t number = offset / PAGE_BYTES;
		size_t at = offset % PAGE_BYTES, step = AX_MIN(bytes, PAGE_BYTES - at);
		size_t run = at ? 0 : missing_run(self, number, bytes / PAGE_BYTES);
		if (run >= LONG_RUN) {
			step = run * PAGE_BYTES;
			error = block_device_read(self->device, block_of(self, number), step >> self->device->block_shift, to);
			self->misses += run;
			self->expected = number + run;
		} else {
			error = read_piece(self, number, at, to, step);
		}
		offset += step;
		to += step;
		bytes -= step;
	}
	unlock(self);
	return error;
}

static ax_err_t write_piece(block_cache_t *self, uint64_t number, size_t at, const void *from, size_t bytes)
{
	block_cache_page_t *page = NULL;
	ax_err_t error = AX_OK;
	bool is_whole = bytes == block_cache_page_bytes(self, number);
	if (!is_whole) {
		error = get(self, number, false, &page);
	} else {
		page = block_cache_find(self, number);
		if (!page)
			page = block_cache_add(self, number);
	}
	if (error)
		return error;
	if (!page)
		return access_directly(self, number, at, NULL, from, bytes);
	if (page->is_dirty && page->epoch != self->epoch) {
		error = block_cache_write_back(self, page->epoch);
		if (error)
			return error;
	}
	memcpy(page->data + at, from, bytes);
	block_cache_make_dirty(self, page);
	return AX_OK;
}

ax_err_t block_cache_write(block_cache_t *self, uint64_t offset, const void *buffer, size_t bytes)
{
	if (!is_in_range(self, offset, bytes))
		return AX_ERR_OUT_OF_RANGE;
	if (self->device->read_only)
		return AX_ERR_READ_ONLY;
	const uint8_t *from = buffer;
	ax_err_t error = AX_OK;
	lock(self);
	while (!error && bytes) {
		size_t at = offset % PAGE_BYTES, step = AX_MIN(bytes, PAGE_BYTES - at);
		error = write_piece(self, offset / PAGE_BYTES, at, from, step);
		offset += step;
		from += step;
		bytes -= step;
		/* Over the limit the writer pays. An error is the flush's: the pages are in memory still. */
		if (self->dirty > self->max_dirty)
			(void)block_cache_write_back(self, self->to_write.first->epoch);
	}
	unlock(self);
	return error;
}
