/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Binary buddy allocator: blocks are powers of two, at multiples of their size; a free block is split in halves and
 * halves that are both free become one again. K. C. Knowlton, "A Fast Storage Allocator", CACM 8(10), 1965;
 * D. E. Knuth, The Art of Computer Programming vol. 1, section 2.5.
 *
 * A region starts with a map of one byte for each smallest block, which tells where blocks begin and how large they
 * are: blocks carry no header, so that a request of 4096 bytes costs 4096, and free() needs no size. Blocks are
 * aligned as absolute addresses, hence any alignment is had by size alone.
 *
 * free() ignores a pointer that is not the start of a block in use. Feature `debug` guards every block (heap_guard)
 * and PANICs at that instead, and at overruns; realloc then always moves.
 *
 * No locks: the caller serializes. Any context. A heap must not be moved or copied once initialized.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <buddy_allocator/features.h>
#include <linked_list/linked_list.h>

/** The smallest region for buddy_init()'s blocks, bytes. */
#define BUDDY_MIN_REGION ((size_t)512)

enum {
	BUDDY_MIN_ORDER = 5, /* 32 bytes: holds a list node, and more than a guard's links */
	BUDDY_ORDERS = 48,   /* blocks are of 2^(BUDDY_ORDERS - 1) bytes at most */
};

typedef struct buddy_region buddy_region_t;

/** Opaque to callers. */
typedef struct buddy {
	size_t used_bytes;
	size_t total_bytes;
	buddy_region_t *regions;
	unsigned min_order;
	uint64_t non_empty; /* bit n: free_blocks[n] has some */
	list_t free_blocks[BUDDY_ORDERS];
} buddy_t;

#pragma GCC visibility push(default)

/** Make @p self a heap without memory, of blocks of 32 bytes and more. */
void buddy_init(buddy_t *self);

/** As buddy_init(), of blocks of 2^@p min_order bytes and more; BUDDY_MIN_ORDER to 30. */
void buddy_init_with_min_order(buddy_t *self, unsigned min_order);

/**
 * Give the heap @p size bytes at @p start for as long as it lives. The map, one byte a smallest block, and what lies
 * outside of whole blocks are not handed out.
 * @param start  16-byte aligned
 * @param size   at least BUDDY_MIN_REGION and room for one block
 * @retval AX_ERR_INVALID_INPUT  misaligned, too small, too large, or overlapping a region; @p self is untouched
 */
ax_err_t buddy_add_region(buddy_t *self, void *start, size_t size);

/* The allocator without guards, for code that stacks on it; feature or not. As the functions without `raw`. */
void *buddy_raw_alloc(buddy_t *self, size_t size, size_t align);
void buddy_raw_free(buddy_t *self, void *pointer);
void *buddy_raw_realloc(buddy_t *self, void *pointer, size_t size, size_t align);
size_t buddy_raw_usable_size(const buddy_t *self, void *pointer);

/** Make @p pointer's block the one for @p size bytes where it stands. @return false, nothing changed: it cannot be */
bool buddy_raw_resize(buddy_t *self, void *pointer, size_t size);

/** Call @p visit for every block in use until it returns false. @return whether it never did */
bool buddy_raw_each_used(const buddy_t *self, bool (*visit)(void *block, size_t bytes, void *context),
			 void *context);

/** Compare map, lists and counters. @retval AX_ERR_BAD_STATE  they do not agree */
ax_err_t buddy_raw_check(const buddy_t *self);

/** Whether @p pointer lies in memory that the heap hands out. Time: the number of regions. */
bool buddy_contains(const buddy_t *self, const void *pointer);

/**
 * Walk the whole heap and compare all that it knows twice; with `debug`, all guards too.
 * @retval AX_ERR_BAD_STATE  something does not agree: the heap was overwritten
 */
ax_err_t buddy_check(buddy_t *self);

#if BUDDY_ALLOCATOR_FEATURE_DEBUG
void *buddy_alloc(buddy_t *self, size_t size, size_t align);
void buddy_free(buddy_t *self, void *pointer);
void *buddy_realloc(buddy_t *self, void *pointer, size_t size, size_t align);
size_t buddy_usable_size(const buddy_t *self, void *pointer);
#else

/**
 * @p size bytes at a multiple of @p align, uninitialized; 0 bytes are a block of its own as well.
 * @param align  a power of two
 * @return NULL where no block fits, the size is impossible, or @p align is no power of two
 */
static inline void *buddy_alloc(buddy_t *self, size_t size, size_t align)
{
	return buddy_raw_alloc(self, size, align);
}

/** Give @p pointer back, got from this heap and not freed since; NULL is nothing. */
static inline void buddy_free(buddy_t *self, void *pointer)
{
	buddy_raw_free(self, pointer);
}

/**
 * Change the size of @p pointer's block, in place where it shrinks or its upper buddies are free; otherwise the
 * contents move. NULL is allocated anew. @p size 0 leaves the smallest block.
 * @return the block, at a multiple of @p align; NULL as buddy_alloc(), and @p pointer is as it was
 */
static inline void *buddy_realloc(buddy_t *self, void *pointer, size_t size, size_t align)
{
	return buddy_raw_realloc(self, pointer, size, align);
}

/** Bytes that the holder of @p pointer (not NULL) may use: its block; 0 where it is none in use. */
static inline size_t buddy_usable_size(const buddy_t *self, void *pointer)
{
	return buddy_raw_usable_size(self, pointer);
}
#endif

/** Bytes in blocks in use. */
static inline size_t buddy_used_bytes(const buddy_t *self)
{
	return self->used_bytes;
}

/** Bytes in free blocks. */
static inline size_t buddy_free_bytes(const buddy_t *self)
{
	return self->total_bytes - self->used_bytes;
}

#pragma GCC visibility pop
