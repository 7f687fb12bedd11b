/* SPDX-License-Identifier: Apache-2.0 */
/* Integrity check: slabs against their lists, objects against their slabs, both against the pages and the counter. */
#include "slab_page.h"

typedef struct totals {
	const slab_t *heap;
	size_t slabs; /* found in lists, less those found in pages */
	size_t used_bytes;
} totals_t;

enum { MAX_OBJECTS = 256, WORD_BITS = 64 };

static void *object_at(const slab_page_t *page, size_t index)
{
	return (void *)((uintptr_t)page + page->first_offset + index * page->object_bytes);
}

/* Marks the free objects of @p page in @p is_free; false where the list of them is broken. */
static bool mark_free_objects(const slab_page_t *page, uint64_t *is_free)
{
	size_t count = 0;

	for (const slab_object_t *object = page->free_objects; object; object = object->next) {
		uintptr_t offset = (uintptr_t)object - (uintptr_t)page - page->first_offset;
		size_t index = offset / page->object_bytes;
		if (index >= page->carved || offset % page->object_bytes)
			return false;
		uint64_t bit = UINT64_C(1) << (index % WORD_BITS);
		if (is_free[index / WORD_BITS] & bit)
			return false; /* twice: a loop */
		is_free[index / WORD_BITS] |= bit;
		count++;
	}
	return count == (size_t)page->carved - page->used;
}

static bool slab_is_sound(const slab_t *self, const slab_page_t *page, unsigned class, bool is_full)
{
	uint64_t is_free[MAX_OBJECTS / WORD_BITS] = { 0 };

	if (!slab_contains(self, page) || !is_aligned((uintptr_t)page, PAGE_SIZE) ||
	    page->magic != slab_page_magic(page))
		return false;
	if (page->class != class || page->used > page->carved || page->carved > page->capacity ||
	    page->capacity > MAX_OBJECTS || (page->used == page->capacity) != is_full)
		return false;
	if (!mark_free_objects(page, is_free))
		return false;
	for (size_t i = 0; i < page->carved; i++) {
		if (!(is_free[i / WORD_BITS] >> (i % WORD_BITS) & 1) &&
		    !slab_guard_is_intact(object_at(page, i)))
			return false;
	}
	return true;
}

static bool list_is_sound(const list_t *list, unsigned class, bool is_full, totals_t *totals)
{
	list_for_each(node, list) {
		const slab_page_t *page = container_of(node, slab_page_t, node);
		if (!slab_is_sound(totals->heap, page, class, is_full) || node->next->prev != node)
			return false;
		totals->slabs++;
		totals->used_bytes += (size_t)page->used * page->object_bytes;
	}
	return true;
}

/* A block of the buddy is a slab or a large block. */
static bool visit_block(void *block, size_t bytes, void *context)
{
	totals_t *totals = context;
	const slab_page_t *page = block;

	if (bytes == PAGE_SIZE && page->magic == slab_page_magic(page)) {
		totals->slabs--;
		return true;
	}
	totals->used_bytes += bytes;
	return slab_guard_is_intact(block);
}

ax_err_t slab_check(slab_t *self)
{
	totals_t totals = { .heap = self };

	for (unsigned class = 0; class < SLAB_CLASSES; class++) {
		if (!list_is_sound(&self->partial[class], class, false, &totals) ||
		    !list_is_sound(&self->full[class], class, true, &totals))
			return AX_ERR_BAD_STATE;
	}
	ax_err_t error = buddy_raw_check(&self->pages);
	if (error)
		return error;
	if (!buddy_raw_each_used(&self->pages, visit_block, &totals) || totals.slabs ||
	    totals.used_bytes != self->used_bytes)
		return AX_ERR_BAD_STATE;
	return AX_OK;
}
