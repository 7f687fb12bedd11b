/* SPDX-License-Identifier: Apache-2.0 */
/* The choice `buddy`: powers of two: simple and free of long-term fragmentation, at up to half of the memory lost. Included by allocator/byte_allocator.h alone. */
#pragma once

#include <buddy_allocator/buddy_allocator.h>

typedef buddy_t byte_allocator_t;

#define BYTE_ALLOCATOR_MIN_REGION BUDDY_MIN_REGION

/** The backend's function for @p operation. */
#define BYTE_ALLOCATOR_BACKEND(operation) buddy_##operation

/* What byte_allocator_region_for() says: twice the block, as the region may start anywhere; its guards, the map. */
static inline size_t byte_allocator_backend_region_for(size_t size, size_t align)
{
	size_t guards = BUDDY_ALLOCATOR_FEATURE_DEBUG ? align + 64 : 0;
	size_t block = BUDDY_MIN_REGION;

	while (block < size + guards || block < align)
		block *= 2;
	return 2 * block + block / 4 + 2 * BUDDY_MIN_REGION;
}

/* A class an order, up to 2048 bytes. */
enum { BYTE_ALLOCATOR_CLASSES = BUDDY_ALLOCATOR_FEATURE_DEBUG ? 0 : 11 - BUDDY_MIN_ORDER + 1 };

static inline unsigned byte_allocator_backend_class_for([[maybe_unused]] const buddy_t *self, size_t size)
{
	if (size > (size_t)1 << 11)
		return BYTE_ALLOCATOR_CLASSES;
	return size <= (size_t)1 << BUDDY_MIN_ORDER ? 0 : 64 - (unsigned)__builtin_clzl(size - 1) - BUDDY_MIN_ORDER;
}

static inline size_t byte_allocator_backend_block_bytes(const buddy_t *self, void *pointer)
{
	return buddy_raw_usable_size(self, pointer);
}

/* A pointer that is no block's is left to buddy_free(), which ignores it. */
static inline unsigned byte_allocator_backend_class_of(const buddy_t *self, void *pointer)
{
	size_t bytes = buddy_raw_usable_size(self, pointer);
	return bytes ? byte_allocator_backend_class_for(self, bytes) : (unsigned)BYTE_ALLOCATOR_CLASSES;
}

static inline size_t byte_allocator_backend_class_bytes(unsigned class)
{
	return (size_t)1 << (class + BUDDY_MIN_ORDER);
}
