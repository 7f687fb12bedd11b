/* SPDX-License-Identifier: Apache-2.0 */
/* Search and update of the levelled bitmap; its shape is in bitmap_allocator.h. */
#include <stdbool.h>

#include <bitmap_allocator/bitmap_allocator.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>

enum { WORD_BITS = 64 };

#define NONE SIZE_MAX

static size_t words_for(size_t bits)
{
	return bits / WORD_BITS + (bits % WORD_BITS != 0);
}

/* Bits @p first to @p first + @p count - 1 of a word; 1 <= count, first + count <= 64. */
static uint64_t mask_of(unsigned first, unsigned count)
{
	return (~UINT64_C(0) >> (WORD_BITS - count)) << first;
}

size_t bitmap_allocator_storage_bytes(size_t pages)
{
	size_t total = 0;

	if (pages == 0 || pages > BITMAP_ALLOCATOR_MAX_PAGES)
		return 0;
	do {
		pages = words_for(pages);
		total += pages;
	} while (pages > 1);
	return total * sizeof(uint64_t);
}

ax_err_t bitmap_allocator_init(bitmap_allocator_t *self, uint64_t *storage, size_t pages)
{
	size_t bytes = bitmap_allocator_storage_bytes(pages);

	if (!storage || !bytes)
		return AX_ERR_INVALID_INPUT;
	memset(storage, 0, bytes);
	*self = (bitmap_allocator_t){ 0 };
	do {
		self->level[self->levels] = storage;
		self->bits[self->levels++] = pages;
		pages = words_for(pages);
		storage += pages;
	} while (pages > 1);
	return AX_OK;
}

/* The first free page from @p position on, NONE where there is none: up the levels until a bit is found, and down. */
static size_t next_free(const bitmap_allocator_t *self, size_t position)
{
	unsigned level = 0;

	for (;;) {
		if (level == self->levels || position >= self->bits[level])
			return NONE;
		uint64_t word = self->level[level][position / WORD_BITS] >> (position % WORD_BITS);
		if (word) {
			position += (unsigned)__builtin_ctzll(word);
			break;
		}
		position = position / WORD_BITS + 1;
		level++;
	}
	while (level-- > 0)
		position = position * WORD_BITS +
			   (unsigned)__builtin_ctzll(self->level[level][position]);
	return position;
}

/* The first page in use from @p position on, @p end where all up to there are free. */
static size_t next_used(const bitmap_allocator_t *self, size_t position, size_t end)
{
	while (position < end) {
		uint64_t used = ~self->level[0][position / WORD_BITS] >> (position % WORD_BITS);
		if (used)
			return AX_MIN(position + (unsigned)__builtin_ctzll(used), end);
		position = align_down(position, WORD_BITS) + WORD_BITS;
	}
	return end;
}

/* Word @p index of the pages is @p word now: tell the summaries. */
static void store_word(bitmap_allocator_t *self, size_t index, uint64_t word)
{
	self->level[0][index] = word;
	for (unsigned level = 1; level < self->levels; level++) {
		uint64_t *summary = &self->level[level][index / WORD_BITS];
		uint64_t bit = UINT64_C(1) << (index % WORD_BITS);
		uint64_t updated = word ? *summary | bit : *summary & ~bit;
		if (updated == *summary)
			return;
		*summary = word = updated;
		index /= WORD_BITS;
	}
}

/* Flip @p count pages that are all in one state. */
static void flip(bitmap_allocator_t *self, size_t first, size_t count)
{
	while (count) {
		size_t index = first / WORD_BITS;
		unsigned bit = first % WORD_BITS;
		unsigned bits = (unsigned)AX_MIN(count, (size_t)WORD_BITS - bit);
		store_word(self, index, self->level[0][index] ^ mask_of(bit, bits));
		first += bits;
		count -= bits;
	}
}

static bool is_range(const bitmap_allocator_t *self, size_t first, size_t pages)
{
	return pages && first < self->bits[0] && pages <= self->bits[0] - first;
}

ax_err_t bitmap_allocator_free(bitmap_allocator_t *self, size_t first_page, size_t pages)
{
	if (!is_range(self, first_page, pages))
		return AX_ERR_INVALID_INPUT;

	size_t free = next_free(self, first_page);
	if (free != NONE && free < first_page + pages)
		return AX_ERR_INVALID_INPUT;
	flip(self, first_page, pages);
	self->free_pages += pages;
	return AX_OK;
}

ax_err_t bitmap_allocator_alloc_at(bitmap_allocator_t *self, size_t first_page, size_t pages)
{
	if (!is_range(self, first_page, pages))
		return AX_ERR_INVALID_INPUT;
	if (next_used(self, first_page, first_page + pages) != first_page + pages)
		return AX_ERR_NO_MEMORY;
	flip(self, first_page, pages);
	self->free_pages -= pages;
	return AX_OK;
}

/* The lowest run of free pages, at least one, that starts at a multiple of @p align; NONE where there is none. */
static size_t find_run(const bitmap_allocator_t *self, size_t pages, size_t align)
{
	size_t position = next_free(self, 0);

	while (position != NONE) {
		size_t past = (self->first_number + position) & (align - 1);
		if (past) {
			/* align may be anything: compare before adding */
			if (align - past >= self->bits[0] - position)
				return NONE;
			position += align - past;
		}
		if (!is_range(self, position, pages))
			return NONE;
		size_t used = next_used(self, position, position + pages);
		if (used == position + pages)
			return position;
		position = next_free(self, used);
	}
	return NONE;
}

ax_err_t bitmap_allocator_alloc(bitmap_allocator_t *self, size_t pages, size_t align_pages,
				size_t *first_page)
{
	if (!pages || !is_power_of_two(align_pages))
		return AX_ERR_INVALID_INPUT;
	if (pages > self->free_pages)
		return AX_ERR_NO_MEMORY;

	size_t first = find_run(self, pages, align_pages);
	if (first == NONE)
		return AX_ERR_NO_MEMORY;
	flip(self, first, pages);
	self->free_pages -= pages;
	*first_page = first;
	return AX_OK;
}
