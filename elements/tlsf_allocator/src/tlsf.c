/* SPDX-License-Identifier: Apache-2.0 */
/* What of alloc, free and realloc is not inline: alignment, merging, growth in place. Blocks: block.h. */
#include <memstr/memstr.h>
#include <tlsf_allocator/tlsf_allocator.h>

/* Blocks of one class that are looked at before an allocation fails: keeps the worst case constant. */
enum { SEARCH_LIMIT = 64 };

/*
 * Bytes from @p block to the start of the block whose payload is aligned to @p align. What lies between must be a block
 * of its own, so it is either nothing or TLSF_BLOCK_MIN and more.
 */
static size_t lead_bytes(const tlsf_block_t *block, size_t align)
{
	uintptr_t payload = (uintptr_t)block + TLSF_PAYLOAD_OFFSET;
	size_t lead = align_up(payload, align) - payload;

	if (lead && lead < TLSF_BLOCK_MIN)
		lead += align;
	return lead;
}

static bool fits(const tlsf_block_t *block, size_t want, size_t align)
{
	size_t have = tlsf_block_bytes(block);

	return have >= want && have - want >= lead_bytes(block, align);
}

/* A fitting block out of the class that @p bytes belongs to, where some may be too small. */
static tlsf_block_t *take_from_own_class(tlsf_t *self, size_t bytes, size_t want, size_t align)
{
	tlsf_class_t class = tlsf_class_of(bytes);
	tlsf_block_t *block = self->free_lists[class.first][class.second];

	for (int seen = 0; block && seen < SEARCH_LIMIT; seen++, block = block->next_free) {
		if (fits(block, want, align)) {
			tlsf_list_remove(self, block);
			return block;
		}
	}
	return NULL;
}

static tlsf_block_t *take_fitting(tlsf_t *self, size_t want, size_t align)
{
	size_t worst = align <= TLSF_GRANULE ? want : want + align + TLSF_GRANULE;
	tlsf_class_t class = tlsf_class_for(worst);
	tlsf_block_t *block = tlsf_list_find(self, &class);

	if (block)
		tlsf_list_pop(self, class, block);
	else
		block = take_from_own_class(self, worst, want, align);
	if (!block && worst != want)
		block = take_from_own_class(self, want, want, align);
	return block;
}

void *tlsf_raw_alloc_slow(tlsf_t *self, size_t size, size_t align)
{
	if (!is_power_of_two(align) || size > TLSF_REQUEST_LIMIT || align > TLSF_REQUEST_LIMIT)
		return NULL;

	size_t want = tlsf_block_bytes_for(size);
	tlsf_block_t *block = take_fitting(self, want, align);
	if (!block)
		return NULL;

	size_t have = tlsf_block_bytes(block);
	size_t lead = lead_bytes(block, align);
	if (lead) {
		tlsf_block_t *aligned = tlsf_block_at(block, lead);
		aligned->bytes_flags = (have - lead) | TLSF_FREE;
		tlsf_block_make_free(self, block, lead);
		block = aligned;
		have -= lead;
	}
	return tlsf_block_use(self, block, have, want);
}

/* Free @p block of @p bytes, the last @p next_bytes of which are the free block behind it, still listed. */
static void free_with_next(tlsf_t *self, tlsf_block_t *block, size_t bytes, size_t next_bytes)
{
	tlsf_block_t *next = tlsf_block_at(block, bytes - next_bytes);
	tlsf_class_t class = tlsf_class_of(next_bytes);

	if (!tlsf_same_class(class, tlsf_class_of(bytes))) {
		tlsf_list_remove(self, next);
		tlsf_block_make_free(self, block, bytes);
		return;
	}
	tlsf_list_replace(self, class, next, block);
	tlsf_block_mark_free(block, bytes);
}

void tlsf_raw_free_merging(tlsf_t *self, tlsf_block_t *block)
{
	size_t bytes = tlsf_block_bytes(block);
	tlsf_block_t *next = tlsf_block_at(block, bytes);
	bool next_is_free = next->bytes_flags & TLSF_FREE;

	if (!(block->bytes_flags & TLSF_PREV_FREE) && next_is_free) {
		size_t next_bytes = tlsf_block_bytes(next);
		free_with_next(self, block, bytes + next_bytes, next_bytes);
		return;
	}
	if (next_is_free) {
		tlsf_list_remove(self, next);
		bytes += tlsf_block_bytes(next);
	}
	if (block->bytes_flags & TLSF_PREV_FREE) {
		block = block->prev_physical;
		tlsf_list_remove(self, block);
		bytes += tlsf_block_bytes(block);
	}
	tlsf_block_make_free(self, block, bytes);
}

/* Make @p block, in use, @p want bytes long where it stands. */
static bool resize_in_place(tlsf_t *self, tlsf_block_t *block, size_t want)
{
	size_t old = tlsf_block_bytes(block);
	size_t have = old;
	tlsf_block_t *next = tlsf_block_at(block, have);

	if (next->bytes_flags & TLSF_FREE)
		have += tlsf_block_bytes(next);
	else if (want < old && old - want < TLSF_BLOCK_MIN)
		return true;
	if (want > have)
		return false;
	if (have != old)
		tlsf_list_remove(self, next);
	self->used_bytes -= old;
	tlsf_block_use(self, block, have, want);
	return true;
}

void *tlsf_raw_realloc(tlsf_t *self, void *pointer, size_t size, size_t align)
{
	if (!pointer)
		return tlsf_raw_alloc(self, size, align);
	if (!is_power_of_two(align) || size > TLSF_REQUEST_LIMIT)
		return NULL;

	tlsf_block_t *block = tlsf_block_of(pointer);
	if (is_aligned((uintptr_t)pointer, align) &&
	    resize_in_place(self, block, tlsf_block_bytes_for(size)))
		return pointer;

	void *moved = tlsf_raw_alloc(self, size, align);
	if (!moved)
		return NULL;
	size_t old_size = tlsf_raw_usable_size(self, pointer);
	memcpy(moved, pointer, AX_MIN(old_size, size));
	tlsf_raw_free(self, pointer);
	return moved;
}
