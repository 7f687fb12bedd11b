/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the slab heap that its inlined fast path needs. Not for callers, who include
 * slab_allocator/slab_allocator.h.
 *
 * A slab is one page: a header, then objects of one size. Free objects are linked through their first word; objects
 * that were never handed out lie behind `carved` and are not touched before. A slab with a free object is in
 * `partial` of its class, any other one in `full`. An object never starts at a page boundary, a large block always
 * does: that is how free() tells them apart.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <base/base.h>
#include <buddy_allocator/buddy_allocator.h>
#include <linked_list/linked_list.h>
#include <memory_addr/memory_addr.h>

enum {
	SLAB_GRANULE = 16,
	SLAB_HEADER_BYTES = 64,
	SLAB_CLASSES = 22,
	SLAB_MAX_OBJECT = 2016, /* two in a page; the page of one object would save nothing */
	SLAB_MAX_ALIGNED = 512, /* largest object at a multiple of its own size */
};

/* may_alias: the same bytes are the user's objects of any type. */
typedef struct __attribute__((may_alias)) slab_object {
	struct slab_object *next;
} slab_object_t;

typedef struct __attribute__((may_alias)) slab_page {
	list_node_t node;
	slab_object_t *free_objects;
	uint64_t magic;
	uint16_t object_bytes;
	uint16_t first_offset;
	uint16_t capacity; /* objects */
	uint16_t carved;
	uint16_t used;
	uint16_t class;
} slab_page_t;

_Static_assert(sizeof(slab_page_t) <= SLAB_HEADER_BYTES, "the first object lies behind the header");

/** A heap. Opaque to callers. */
typedef struct slab {
	size_t used_bytes;
	uint8_t class_of[SLAB_MAX_OBJECT / SLAB_GRANULE + 1]; /* by granules, rounded up */
	list_t partial[SLAB_CLASSES];
	list_t full[SLAB_CLASSES];
	buddy_t pages;
} slab_t;

static inline slab_page_t *slab_page_of(void *object)
{
	return (slab_page_t *)align_down((uintptr_t)object, PAGE_SIZE);
}

static inline unsigned slab_class_for(const slab_t *self, size_t size)
{
	return self->class_of[(size + SLAB_GRANULE - 1) / SLAB_GRANULE];
}

/* An object of the first slab in `partial` of @p class, which is not empty. */
static inline void *slab_take(slab_t *self, unsigned class)
{
	slab_page_t *page = container_of(self->partial[class].head.next, slab_page_t, node);
	slab_object_t *object = page->free_objects;

	if (object)
		page->free_objects = object->next;
	else
		object = (slab_object_t *)((uintptr_t)page + page->first_offset +
					   (size_t)page->carved++ * page->object_bytes);
	self->used_bytes += page->object_bytes;
	if (unlikely(++page->used == page->capacity)) {
		list_remove(&page->node);
		list_push_front(&self->full[class], &page->node);
	}
	return object;
}
