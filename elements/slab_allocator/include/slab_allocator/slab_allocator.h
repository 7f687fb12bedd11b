/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slab allocator: objects of 22 size classes (16 to 2016 bytes) in slabs of one page, each class with its own.
 * J. Bonwick, "The Slab Allocator: An Object-Caching Kernel Memory Allocator", USENIX Summer 1994, without its
 * constructors: this is a general-purpose heap.
 *
 * Above 512 bytes the classes are the sizes of which 7 to 2 fill a page. Larger requests, and alignments above
 * 512, get blocks of the binary buddy that the slabs' pages come from as well: one pool, so that an empty slab can serve
 * a large block and the other way round, and a large block needs no header. Allocation and free of an object are a few
 * loads and stores, inline.
 *
 * Feature `debug` guards every block (heap_guard): double free, foreign pointer and overrun PANIC, memory is
 * poisoned, and realloc always moves.
 *
 * No locks: the caller serializes. Any context. A heap must not be moved or copied once initialized.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <axerrno/axerrno.h>
#include <slab_allocator/features.h>
#include <slab_allocator/page.h>

/** The smallest region, bytes: two pages wherever it starts. */
#define SLAB_MIN_REGION (4 * PAGE_SIZE)

#pragma GCC visibility push(default)

/** Make @p self a heap without memory. */
void slab_init(slab_t *self);

/**
 * Give the heap @p size bytes at @p start for as long as it lives. The whole pages in it, less a byte a page at its
 * start, are handed out.
 * @param start  16-byte aligned
 * @param size   at least SLAB_MIN_REGION
 * @retval AX_ERR_INVALID_INPUT  misaligned, too small, too large, or overlapping a region; @p self is untouched
 */
ax_err_t slab_add_region(slab_t *self, void *start, size_t size);

/* The allocator without guards; feature or not. As the functions without `raw`. */
void *slab_raw_alloc_slow(slab_t *self, size_t size, size_t align);
void slab_raw_free_slow(slab_t *self, void *pointer);
void *slab_raw_realloc(slab_t *self, void *pointer, size_t size, size_t align);

static inline void *slab_raw_alloc(slab_t *self, size_t size, size_t align)
{
	if (likely(align <= SLAB_GRANULE && is_power_of_two(align) && size <= SLAB_MAX_OBJECT)) {
		unsigned class = slab_class_for(self, size);
		if (likely(!list_is_empty(&self->partial[class])))
			return slab_take(self, class);
	}
	return slab_raw_alloc_slow(self, size, align);
}

static inline void slab_raw_free(slab_t *self, void *pointer)
{
	slab_page_t *page = slab_page_of(pointer);

	/* large, NULL, or an object whose slab changes its list */
	if (unlikely((void *)page == pointer) || unlikely(page->used == 1) ||
	    unlikely(page->used == page->capacity)) {
		slab_raw_free_slow(self, pointer);
		return;
	}
	((slab_object_t *)pointer)->next = page->free_objects;
	page->free_objects = pointer;
	page->used--;
	self->used_bytes -= page->object_bytes;
}

static inline size_t slab_raw_usable_size(const slab_t *self, void *pointer)
{
	slab_page_t *page = slab_page_of(pointer);

	return (void *)page == pointer ? buddy_raw_usable_size(&self->pages, pointer) :
					 page->object_bytes;
}

/** Bytes of an object of @p class, below SLAB_CLASSES. */
size_t slab_class_bytes(unsigned class);

/** Whether @p pointer lies in memory that the heap hands out. Time: the number of regions. */
bool slab_contains(const slab_t *self, const void *pointer);

/**
 * Walk the whole heap and compare all that it knows twice; with `debug`, all guards too.
 * @retval AX_ERR_BAD_STATE  something does not agree: the heap was overwritten
 */
ax_err_t slab_check(slab_t *self);

#if SLAB_ALLOCATOR_FEATURE_DEBUG
void *slab_alloc(slab_t *self, size_t size, size_t align);
void slab_free(slab_t *self, void *pointer);
void *slab_realloc(slab_t *self, void *pointer, size_t size, size_t align);
size_t slab_usable_size(const slab_t *self, void *pointer);
#else

/**
 * @p size bytes at a multiple of @p align, uninitialized; 0 bytes are a block of its own as well.
 * @param align  a power of two
 * @return NULL where no block fits, the size is impossible, or @p align is no power of two
 */
static inline void *slab_alloc(slab_t *self, size_t size, size_t align)
{
	return slab_raw_alloc(self, size, align);
}

/** Give @p pointer back, got from this heap and not freed since; NULL is nothing. */
static inline void slab_free(slab_t *self, void *pointer)
{
	slab_raw_free(self, pointer);
}

/**
 * Change the size of @p pointer's block, in place where its class stays the same, or as buddy_realloc() where it is
 * large; otherwise the contents move. NULL is allocated anew. @p size 0 leaves the smallest block.
 * @return the block, at a multiple of @p align; NULL as slab_alloc(), and @p pointer is as it was
 */
static inline void *slab_realloc(slab_t *self, void *pointer, size_t size, size_t align)
{
	return slab_raw_realloc(self, pointer, size, align);
}

/** Bytes that the holder of @p pointer (not NULL) may use, at least what it asked for. */
static inline size_t slab_usable_size(const slab_t *self, void *pointer)
{
	return slab_raw_usable_size(self, pointer);
}
#endif

/** Bytes in objects and large blocks in use, as their class or order has them. */
static inline size_t slab_used_bytes(const slab_t *self)
{
	return self->used_bytes;
}

/** Bytes that are not in use: free pages, and what of slabs is not an object in use. */
static inline size_t slab_free_bytes(const slab_t *self)
{
	return self->pages.total_bytes - self->used_bytes;
}

#pragma GCC visibility pop
