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

/*
 * Classes by the bytes of a block, its overhead included: one size each up to 256, then eight between two powers of two,
 * so a class's smallest block is at most an eighth below what is asked for.
 */
enum {
	BYTE_ALLOCATOR_CLASSES = TLSF_ALLOCATOR_FEATURE_DEBUG ? 0 : 39,
	BYTE_ALLOCATOR_LINEAR_CLASSES = 14, /* 32, 48, ... 240 */
	BYTE_ALLOCATOR_CLASS_LIMIT = 2048 + 128,
};

/* The last class with blocks of no more than @p block_bytes, below the limit. */
static inline unsigned byte_allocator_backend_class_below(size_t block_bytes)
{
	if (likely(block_bytes < 256))
		return (unsigned)(block_bytes / TLSF_GRANULE) - 2;

	unsigned log2 = tlsf_log2(block_bytes);
	return BYTE_ALLOCATOR_LINEAR_CLASSES + (log2 - 8) * 8 + ((unsigned)(block_bytes >> (log2 - 3)) & 7);
}

static inline unsigned byte_allocator_backend_class_for([[maybe_unused]] const tlsf_t *self, size_t size)
{
	if (unlikely(size > BYTE_ALLOCATOR_CLASS_LIMIT))
		return BYTE_ALLOCATOR_CLASSES;
	size_t bytes = tlsf_block_bytes_for(size);
	return likely(bytes < 256) ? byte_allocator_backend_class_below(bytes) :
				     byte_allocator_backend_class_below(bytes - TLSF_GRANULE) + 1;
}

/* As used_bytes counts it. Another CPU may be setting the header's flags: a whole load, of which they are masked. */
static inline size_t byte_allocator_backend_block_bytes([[maybe_unused]] const tlsf_t *self, void *pointer)
{
	return __atomic_load_n(&tlsf_block_of(pointer)->bytes_flags, __ATOMIC_RELAXED) & ~TLSF_FLAGS;
}

static inline unsigned byte_allocator_backend_class_of(const tlsf_t *self, void *pointer)
{
	size_t bytes = byte_allocator_backend_block_bytes(self, pointer);
	return likely(bytes < BYTE_ALLOCATOR_CLASS_LIMIT) ? byte_allocator_backend_class_below(bytes) : BYTE_ALLOCATOR_CLASSES;
}

static inline size_t byte_allocator_backend_class_bytes(unsigned class)
{
	if (class < BYTE_ALLOCATOR_LINEAR_CLASSES)
		return (class + 2) * TLSF_GRANULE - TLSF_BLOCK_OVERHEAD;
	class -= BYTE_ALLOCATOR_LINEAR_CLASSES;
	return ((size_t)(8 + class % 8) << (class / 8 + 5)) - TLSF_BLOCK_OVERHEAD;
}
