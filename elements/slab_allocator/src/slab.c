/* SPDX-License-Identifier: Apache-2.0 */
/* What is not inline: slabs that come, go and change lists, large blocks, alignment. Layout: page.h. */
#include <memstr/memstr.h>
#include <slab_allocator/slab_allocator.h>

#include "slab_page.h"

/* 64 bytes of header leave 4032: from 576 on the sizes are 1/7, 1/6, 1/5, 1/4, 1/3 and 1/2 of that. */
static const uint16_t s_class_bytes[SLAB_CLASSES] = {
	16,  32,  48,  64,  80,  96,  112, 128, 160, 192,  224,
	256, 320, 384, 448, 512, 576, 672, 800, 1008, 1344, SLAB_MAX_OBJECT,
};

size_t slab_class_bytes(unsigned class)
{
	return s_class_bytes[class];
}

void slab_init(slab_t *self)
{
	unsigned class = 0;

	self->used_bytes = 0;
	for (size_t granules = 0; granules < ARRAY_SIZE(self->class_of); granules++) {
		if (granules * SLAB_GRANULE > s_class_bytes[class])
			class++;
		self->class_of[granules] = (uint8_t)class;
	}
	for (class = 0; class < SLAB_CLASSES; class++) {
		list_init(&self->partial[class]);
		list_init(&self->full[class]);
	}
	buddy_init_with_min_order(&self->pages, PAGE_SHIFT);
}

ax_err_t slab_add_region(slab_t *self, void *start, size_t size)
{
	if (size < SLAB_MIN_REGION)
		return AX_ERR_INVALID_INPUT;
	return buddy_add_region(&self->pages, start, size);
}

bool slab_contains(const slab_t *self, const void *pointer)
{
	return buddy_contains(&self->pages, pointer);
}

static void release_slab(slab_t *self, slab_page_t *page)
{
	list_remove(&page->node);
	page->magic = 0;
	buddy_raw_free(&self->pages, page);
}

/* Give all empty slabs back. */
static void release_empty_slabs(slab_t *self)
{
	for (unsigned class = 0; class < SLAB_CLASSES; class++) {
		list_for_each_safe(node, &self->partial[class]) {
			slab_page_t *page = container_of(node, slab_page_t, node);
			if (page->used == 0)
				release_slab(self, page);
		}
	}
}

static void *alloc_pages(slab_t *self, size_t size, size_t align)
{
	void *pages = buddy_raw_alloc(&self->pages, size, align);

	if (!pages) {
		release_empty_slabs(self);
		pages = buddy_raw_alloc(&self->pages, size, align);
	}
	return pages;
}

static bool add_slab(slab_t *self, unsigned class)
{
	slab_page_t *page = alloc_pages(self, PAGE_SIZE, PAGE_SIZE);
	uint16_t bytes = s_class_bytes[class];
	uint16_t first = SLAB_HEADER_BYTES;

	if (!page)
		return false;
	/* powers of two lie at multiples of themselves: at no loss, as many fit */
	if (is_power_of_two(bytes) && bytes > first)
		first = bytes;
	*page = (slab_page_t){
		.magic = slab_page_magic(page),
		.object_bytes = bytes,
		.first_offset = first,
		.capacity = (uint16_t)((PAGE_SIZE - first) / bytes),
		.class = (uint16_t)class,
	};
	list_push_front(&self->partial[class], &page->node);
	return true;
}

/* Bytes of the object that serves @p size at @p align; more than SLAB_MAX_OBJECT where a large block has to. */
static size_t object_bytes_for(size_t size, size_t align)
{
	if (align <= SLAB_GRANULE || size > SLAB_MAX_OBJECT)
		return size;
	if (size > SLAB_MAX_ALIGNED || align > SLAB_MAX_ALIGNED)
		return SIZE_MAX;

	size_t bytes = align;
	while (bytes < size)
		bytes *= 2;
	return bytes;
}

void *slab_raw_alloc_slow(slab_t *self, size_t size, size_t align)
{
	if (!is_power_of_two(align))
		return NULL;

	size_t bytes = object_bytes_for(size, align);
	if (bytes > SLAB_MAX_OBJECT) {
		slab_page_t *block = alloc_pages(self, size, align);
		if (!block)
			return NULL;
		block->magic = 0; /* of a slab of an earlier heap on this memory: slab_check() must not take it for one */
		self->used_bytes += buddy_raw_usable_size(&self->pages, block);
		return block;
	}
	unsigned class = slab_class_for(self, bytes);
	if (list_is_empty(&self->partial[class]) && !add_slab(self, class))
		return NULL;
	return slab_take(self, class);
}

void slab_raw_free_slow(slab_t *self, void *pointer)
{
	slab_page_t *page = slab_page_of(pointer);

	if (!pointer)
		return;
	if ((void *)page == pointer) {
		self->used_bytes -= buddy_raw_usable_size(&self->pages, pointer);
		buddy_raw_free(&self->pages, pointer);
		return;
	}

	list_t *partial = &self->partial[page->class];
	((slab_object_t *)pointer)->next = page->free_objects;
	page->free_objects = pointer;
	self->used_bytes -= page->object_bytes;
	if (page->used-- == page->capacity) {
		list_remove(&page->node);
		list_push_front(partial, &page->node);
	}
	/* the last slab of a class stays: an object that comes and goes must not take a page each time */
	if (page->used == 0 && (list_first(partial) != &page->node || list_last(partial) != &page->node))
		release_slab(self, page);
}

static bool resize_in_place(slab_t *self, void *pointer, size_t size)
{
	slab_page_t *page = slab_page_of(pointer);

	if ((void *)page != pointer)
		return size <= SLAB_MAX_OBJECT && slab_class_for(self, size) == page->class;
	if (size <= SLAB_MAX_OBJECT)
		return false;

	size_t old = buddy_raw_usable_size(&self->pages, pointer);
	if (!buddy_raw_resize(&self->pages, pointer, size))
		return false;
	self->used_bytes += buddy_raw_usable_size(&self->pages, pointer) - old;
	return true;
}

void *slab_raw_realloc(slab_t *self, void *pointer, size_t size, size_t align)
{
	if (!pointer)
		return slab_raw_alloc(self, size, align);
	if (!is_power_of_two(align))
		return NULL;
	if (is_aligned((uintptr_t)pointer, align) && resize_in_place(self, pointer, size))
		return pointer;

	void *moved = slab_raw_alloc(self, size, align);
	if (!moved)
		return NULL;
	size_t old_size = slab_raw_usable_size(self, pointer);
	memcpy(moved, pointer, AX_MIN(old_size, size));
	slab_raw_free(self, pointer);
	return moved;
}
