/* SPDX-License-Identifier: Apache-2.0 */
/* The choice `slab`: size classes over pages: fastest for many objects of few sizes. Included by allocator/byte_allocator.h alone. */
#pragma once

#include <slab_allocator/slab_allocator.h>

typedef slab_t byte_allocator_t;

#define BYTE_ALLOCATOR_MIN_REGION SLAB_MIN_REGION

/** The backend's function for @p operation. */
#define BYTE_ALLOCATOR_BACKEND(operation) slab_##operation

/* What byte_allocator_region_for() says: twice the block, as the region may start anywhere; its guards, the map. */
static inline size_t byte_allocator_backend_region_for(size_t size, size_t align)
{
	size_t guards = SLAB_ALLOCATOR_FEATURE_DEBUG ? align + 64 : 0;
	size_t block = SLAB_MIN_REGION;

	while (block < size + guards || block < align)
		block *= 2;
	return 2 * block + block / 4 + 2 * SLAB_MIN_REGION;
}

/* The classes are the slabs'. */
enum { BYTE_ALLOCATOR_CLASSES = SLAB_ALLOCATOR_FEATURE_DEBUG ? 0 : SLAB_CLASSES };

static inline unsigned byte_allocator_backend_class_for(const slab_t *self, size_t size)
{
	return likely(size <= SLAB_MAX_OBJECT) ? slab_class_for(self, size) : (unsigned)BYTE_ALLOCATOR_CLASSES;
}

static inline size_t byte_allocator_backend_block_bytes(const slab_t *self, void *pointer)
{
	return slab_raw_usable_size(self, pointer);
}

static inline unsigned byte_allocator_backend_class_of([[maybe_unused]] const slab_t *self, void *pointer)
{
	const slab_page_t *page = slab_page_of(pointer);
	return likely((const void *)page != pointer) ? page->class : (unsigned)BYTE_ALLOCATOR_CLASSES;
}

static inline size_t byte_allocator_backend_class_bytes(unsigned class)
{
	return slab_class_bytes(class);
}
