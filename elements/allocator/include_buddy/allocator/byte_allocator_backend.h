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
