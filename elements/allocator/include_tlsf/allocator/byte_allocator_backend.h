/* SPDX-License-Identifier: Apache-2.0 */
/* The choice `tlsf`: two-level segregated fit: constant time, little waste; for most images. Included by allocator/byte_allocator.h alone. */
#pragma once

#include <tlsf_allocator/tlsf_allocator.h>

typedef tlsf_t byte_allocator_t;

#define BYTE_ALLOCATOR_MIN_REGION TLSF_MIN_REGION

/** The backend's function for @p operation. */
#define BYTE_ALLOCATOR_BACKEND(operation) tlsf_##operation

/* What byte_allocator_region_for() says: a block aligned at the worst place, its guards, the region's own ends. */
static inline size_t byte_allocator_backend_region_for(size_t size, size_t align)
{
	size_t guards = TLSF_ALLOCATOR_FEATURE_DEBUG ? align + 64 : 0;

	return size + align + guards + TLSF_MIN_REGION;
}
