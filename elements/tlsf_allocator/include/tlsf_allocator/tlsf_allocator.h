/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLSF: a general-purpose allocator of bytes whose alloc and free take constant time, with good fit and immediate
 * coalescing. M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a New Dynamic Memory Allocator for Real-Time
 * Systems", ECRTS 2004.
 *
 * A heap manages any number of regions, from 16-byte granules at 8 bytes of overhead a block. The common case of
 * alloc and of free is inline. Only when good fit finds nothing, the lists' own class is searched, up to a fixed
 * number of blocks, so that a fitting block is seldom missed.
 *
 * Feature `debug` guards every block (heap_guard): double free, foreign pointer and overrun PANIC, memory is
 * poisoned, and realloc always moves.
 *
 * No locks: the caller serializes. Any context. A heap that has regions must not be moved or copied.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <axerrno/axerrno.h>
#include <memory_addr/memory_addr.h>
#include <tlsf_allocator/block.h>
#include <tlsf_allocator/features.h>

/** The smallest region, bytes. */
#define TLSF_MIN_REGION ((size_t)256)

#pragma GCC visibility push(default)

/** Make @p self a heap without memory. */
void tlsf_init(tlsf_t *self);

/**
 * Give the heap @p size bytes at @p start for as long as it lives. A region that touches one added before
 * becomes one with it. 32 bytes of a region (16 of one that grows another) are the heap's own.
 * @param start  16-byte aligned
 * @param size   at least TLSF_MIN_REGION, below 2^39; a remainder of less than 16 bytes is not used
 * @retval AX_ERR_INVALID_INPUT  misaligned, too small, too large, or overlapping a region; @p self is untouched
 */
ax_err_t tlsf_add_region(tlsf_t *self, void *start, size_t size);

/* The allocator without guards, for code that stacks on it; feature or not. As the functions without `raw`. */
void *tlsf_raw_alloc_slow(tlsf_t *self, size_t size, size_t align);
void *tlsf_raw_realloc(tlsf_t *self, void *pointer, size_t size, size_t align);
void tlsf_raw_free_merging(tlsf_t *self, tlsf_block_t *block);

static inline void *tlsf_raw_alloc(tlsf_t *self, size_t size, size_t align)
{
	if (likely(align <= TLSF_GRANULE && is_power_of_two(align) && size <= TLSF_REQUEST_LIMIT)) {
		size_t want = tlsf_block_bytes_for(size);
		tlsf_class_t class = tlsf_class_for(want);
		tlsf_block_t *block = tlsf_list_find(self, &class);
		if (likely(block != NULL))
			return tlsf_block_use_listed(self, class, block, want);
	}
	return tlsf_raw_alloc_slow(self, size, align);
}

static inline void tlsf_raw_free(tlsf_t *self, void *pointer)
{
	if (!pointer)
		return;

	tlsf_block_t *block = tlsf_block_of(pointer);
	size_t bytes = tlsf_block_bytes(block);
	self->used_bytes -= bytes;
	if ((block->bytes_flags & TLSF_PREV_FREE) ||
	    (tlsf_block_at(block, bytes)->bytes_flags & TLSF_FREE))
		tlsf_raw_free_merging(self, block);
	else
		tlsf_block_make_free(self, block, bytes);
}

static inline size_t tlsf_raw_usable_size(const tlsf_t *self, void *pointer)
{
	(void)self;
	return tlsf_block_bytes(tlsf_block_of(pointer)) - TLSF_BLOCK_OVERHEAD;
}

/** Whether @p pointer lies in memory that the heap hands out. Time: the number of regions. */
bool tlsf_contains(const tlsf_t *self, const void *pointer);

/**
 * Walk the whole heap and compare all that it knows twice; with `debug`, all guards too.
 * @retval AX_ERR_BAD_STATE  something does not agree: the heap was overwritten
 */
ax_err_t tlsf_check(tlsf_t *self);

#if TLSF_ALLOCATOR_FEATURE_DEBUG
void *tlsf_alloc(tlsf_t *self, size_t size, size_t align);
void tlsf_free(tlsf_t *self, void *pointer);
void *tlsf_realloc(tlsf_t *self, void *pointer, size_t size, size_t align);
size_t tlsf_usable_size(const tlsf_t *self, void *pointer);
#else

/**
 * @p size bytes at a multiple of @p align, uninitialized; 0 bytes are a block of its own as well.
 * @param align  a power of two
 * @return NULL where no block fits, the size is impossible, or @p align is no power of two
 */
static inline void *tlsf_alloc(tlsf_t *self, size_t size, size_t align)
{
	return tlsf_raw_alloc(self, size, align);
}

/** Give @p pointer back, got from this heap and not freed since; NULL is nothing. */
static inline void tlsf_free(tlsf_t *self, void *pointer)
{
	tlsf_raw_free(self, pointer);
}

/**
 * Change the size of @p pointer's block, in place where it shrinks or the memory behind it is free; otherwise the
 * contents move. NULL is allocated anew. @p size 0 leaves the smallest block.
 * @return the block, at a multiple of @p align; NULL as tlsf_alloc(), and @p pointer is as it was
 */
static inline void *tlsf_realloc(tlsf_t *self, void *pointer, size_t size, size_t align)
{
	return tlsf_raw_realloc(self, pointer, size, align);
}

/** Bytes that the holder of @p pointer (not NULL) may use, at least what it asked for. */
static inline size_t tlsf_usable_size(const tlsf_t *self, void *pointer)
{
	return tlsf_raw_usable_size(self, pointer);
}
#endif

/** Bytes in blocks in use, their overhead included. */
static inline size_t tlsf_used_bytes(const tlsf_t *self)
{
	return self->used_bytes;
}

/** Bytes in free blocks, their overhead included. */
static inline size_t tlsf_free_bytes(const tlsf_t *self)
{
	return self->total_bytes - self->used_bytes;
}

#pragma GCC visibility pop
