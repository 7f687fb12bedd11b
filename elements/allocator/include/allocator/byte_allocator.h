/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The byte allocator of this image: TLSF, slab or buddy, by the choice `byte_allocator` of the manifest. Every
 * function is the backend's own, inlined: there is no table to go through. The contract is the same for all.
 *
 * Feature `debug` (or the backend's own): double free, foreign pointer and overrun PANIC; freed memory is poisoned.
 *
 * No locks: the caller serializes. Any context. A heap that has regions must not be moved or copied.
 */
#pragma once

#include <stddef.h>

#include <allocator/byte_allocator_backend.h>
#include <axerrno/axerrno.h>

/** Make @p self a heap without memory. */
static inline void byte_allocator_init(byte_allocator_t *self)
{
	BYTE_ALLOCATOR_BACKEND(init)(self);
}

/**
 * Give the heap @p bytes bytes at @p start for as long as it lives; any number of regions. What the backend's
 * granule leaves over at either end is not used.
 * @param start  16-byte aligned
 * @param bytes  at least BYTE_ALLOCATOR_MIN_REGION
 * @retval AX_ERR_INVALID_INPUT  misaligned, too small, too large, or overlapping a region; @p self is untouched
 */
static inline ax_err_t byte_allocator_add_region(byte_allocator_t *self, void *start, size_t bytes)
{
	return BYTE_ALLOCATOR_BACKEND(add_region)(self, start, bytes);
}

/**
 * Bytes of a region that is certain to hold a block of @p size bytes at @p align, wherever it starts: for who grows a
 * heap because an allocation failed.
 * @param size,align  each below SIZE_MAX / 8
 */
static inline size_t byte_allocator_region_for(size_t size, size_t align)
{
	return byte_allocator_backend_region_for(size, align);
}

/**
 * @p size bytes at a multiple of @p align, uninitialized; 0 bytes are a block of its own as well.
 * @param align  a power of two
 * @return NULL where no block fits, the size is impossible, or @p align is no power of two
 */
static inline void *byte_allocator_alloc(byte_allocator_t *self, size_t size, size_t align)
{
	return BYTE_ALLOCATOR_BACKEND(alloc)(self, size, align);
}

/** Give @p pointer back, got from this heap and not freed since; NULL is nothing. */
static inline void byte_allocator_free(byte_allocator_t *self, void *pointer)
{
	BYTE_ALLOCATOR_BACKEND(free)(self, pointer);
}

/**
 * Change the size of @p pointer's block, in place where that is possible; otherwise the contents move. NULL is
 * allocated anew. @p size 0 leaves the smallest block.
 * @return the block, at a multiple of @p align; NULL as byte_allocator_alloc(), and @p pointer is as it was
 */
static inline void *byte_allocator_realloc(byte_allocator_t *self, void *pointer, size_t size,
					   size_t align)
{
	return BYTE_ALLOCATOR_BACKEND(realloc)(self, pointer, size, align);
}

/** Bytes that the holder of @p pointer (not NULL) may use, at least what it asked for. */
static inline size_t byte_allocator_usable_size(const byte_allocator_t *self, void *pointer)
{
	return BYTE_ALLOCATOR_BACKEND(usable_size)(self, pointer);
}

/*
 * Size classes, for who keeps freed blocks at hand for the next request: numbers below BYTE_ALLOCATOR_CLASSES. A block
 * that was allocated with the bytes of its class serves every request of that class. With `debug` there are none,
 * so that every block goes through the guards. What byte_allocator_class_of() and byte_allocator_block_bytes() look at
 * does not change while the caller holds the block: they need no serialization.
 */

/** The class that serves @p size bytes at the smallest alignment, 16; BYTE_ALLOCATOR_CLASSES: none, the size is large. */
static inline unsigned byte_allocator_class_for(const byte_allocator_t *self, size_t size)
{
	return BYTE_ALLOCATOR_CLASSES ? byte_allocator_backend_class_for(self, size) : 0;
}

/** The class whose requests the block @p pointer, in use, can serve; BYTE_ALLOCATOR_CLASSES: none, it is large. */
static inline unsigned byte_allocator_class_of(const byte_allocator_t *self, void *pointer)
{
	return BYTE_ALLOCATOR_CLASSES ? byte_allocator_backend_class_of(self, pointer) : 0;
}

/** What to ask for to get a block of @p class. */
static inline size_t byte_allocator_class_bytes(unsigned class)
{
	return byte_allocator_backend_class_bytes(class);
}

/** What the block @p pointer, in use, adds to byte_allocator_used_bytes(). Not with `debug`. */
static inline size_t byte_allocator_block_bytes(const byte_allocator_t *self, void *pointer)
{
	return byte_allocator_backend_block_bytes(self, pointer);
}

/** Bytes in blocks in use, rounding and overhead of each included. */
static inline size_t byte_allocator_used_bytes(const byte_allocator_t *self)
{
	return BYTE_ALLOCATOR_BACKEND(used_bytes)(self);
}

/** Bytes that are not in use. One block of that size need not exist. */
static inline size_t byte_allocator_free_bytes(const byte_allocator_t *self)
{
	return BYTE_ALLOCATOR_BACKEND(free_bytes)(self);
}

/**
 * Walk the whole heap and compare all that it knows twice. Time: the number of blocks.
 * @retval AX_ERR_BAD_STATE  something does not agree: the heap was overwritten
 */
static inline ax_err_t byte_allocator_check(byte_allocator_t *self)
{
	return BYTE_ALLOCATOR_BACKEND(check)(self);
}
