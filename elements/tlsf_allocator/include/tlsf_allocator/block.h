/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the TLSF heap that its inlined fast path needs: block layout, size classes, free lists. Not for
 * callers, who include tlsf_allocator/tlsf_allocator.h.
 *
 * A block is `bytes` long, a multiple of 16, and starts at a multiple of 16:
 *
 *	+0	prev_physical	the block in front, valid only while that one is free; else it is the
 *				last word of that one's payload
 *	+8	bytes | flags	the whole overhead of a block in use
 *	+16	payload		free-list links while the block is free
 *
 * Invariants: two free blocks never touch; PREV_FREE tells the state of the block in front; a list of class (first,
 * second) is non-empty exactly when its bit is set in second_map[first], and that is non-zero exactly when its bit is
 * set in first_map. Classes below 512 bytes hold one size each, above that 32 classes lie between two powers of two.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <base/base.h>

enum {
	TLSF_GRANULE = 16,
	TLSF_BLOCK_OVERHEAD = 8,
	TLSF_BLOCK_MIN = 32,
	TLSF_PAYLOAD_OFFSET = 16,
	TLSF_SECOND_SHIFT = 5,
	TLSF_SECOND_COUNT = 1 << TLSF_SECOND_SHIFT,
	TLSF_SMALL_SHIFT = 9, /* 16 << TLSF_SECOND_SHIFT */
	TLSF_FIRST_COUNT = 31,
};

#define TLSF_SMALL_LIMIT   ((size_t)1 << TLSF_SMALL_SHIFT)
#define TLSF_BLOCK_LIMIT   ((size_t)1 << (TLSF_SMALL_SHIFT + TLSF_FIRST_COUNT - 1))
#define TLSF_REQUEST_LIMIT (TLSF_BLOCK_LIMIT / 4)

#define TLSF_FREE      ((size_t)1)
#define TLSF_PREV_FREE ((size_t)2)
#define TLSF_FLAGS     (TLSF_FREE | TLSF_PREV_FREE)

/* may_alias: the same bytes are the user's objects of any type. */
typedef struct __attribute__((may_alias)) tlsf_block {
	struct tlsf_block *prev_physical;
	size_t bytes_flags;
	struct tlsf_block *next_free;
	struct tlsf_block *prev_free;
} tlsf_block_t;

_Static_assert(sizeof(size_t) == 8, "the block layout is for 64-bit machines");

/* Stands at the start of a region; its blocks follow, then a block in use of 0 bytes that ends them. */
typedef struct __attribute__((may_alias)) tlsf_region {
	struct tlsf_region *next;
	size_t bytes; /* from this header to behind the end block */
} tlsf_region_t;

/** A heap. Opaque to callers. */
typedef struct tlsf {
	size_t used_bytes;
	size_t total_bytes; /* of all blocks, used and free */
	tlsf_region_t *regions;
	uint32_t first_map;
	uint32_t second_map[TLSF_FIRST_COUNT];
	tlsf_block_t *free_lists[TLSF_FIRST_COUNT][TLSF_SECOND_COUNT];
} tlsf_t;

typedef struct tlsf_class {
	unsigned first;
	unsigned second;
} tlsf_class_t;

static inline size_t tlsf_block_bytes(const tlsf_block_t *block)
{
	return block->bytes_flags & ~TLSF_FLAGS;
}

static inline tlsf_block_t *tlsf_block_at(void *address, size_t offset)
{
	return (tlsf_block_t *)((uintptr_t)address + offset);
}

static inline tlsf_block_t *tlsf_block_next(tlsf_block_t *block)
{
	return tlsf_block_at(block, tlsf_block_bytes(block));
}

static inline void *tlsf_block_payload(tlsf_block_t *block)
{
	return tlsf_block_at(block, TLSF_PAYLOAD_OFFSET);
}

static inline tlsf_block_t *tlsf_block_of(void *payload)
{
	return (tlsf_block_t *)((uintptr_t)payload - TLSF_PAYLOAD_OFFSET);
}

/* Block bytes for a request of @p size, at most TLSF_REQUEST_LIMIT. */
static inline size_t tlsf_block_bytes_for(size_t size)
{
	size_t bytes = (size + TLSF_BLOCK_OVERHEAD + TLSF_GRANULE - 1) & -(size_t)TLSF_GRANULE;

	return bytes < TLSF_BLOCK_MIN ? TLSF_BLOCK_MIN : bytes;
}

static inline unsigned tlsf_log2(size_t value)
{
	return 63 - (unsigned)__builtin_clzl(value);
}

/* The class that a block of @p bytes is listed in. */
static inline tlsf_class_t tlsf_class_of(size_t bytes)
{
	if (likely(bytes < TLSF_SMALL_LIMIT))
		return (tlsf_class_t){ 0, (unsigned)(bytes / TLSF_GRANULE) };

	unsigned log2 = tlsf_log2(bytes);
	return (tlsf_class_t){
		.first = log2 - (TLSF_SMALL_SHIFT - 1),
		.second = (unsigned)(bytes >> (log2 - TLSF_SECOND_SHIFT)) ^ TLSF_SECOND_COUNT,
	};
}

/* The first class of which every block has at least @p bytes. */
static inline tlsf_class_t tlsf_class_for(size_t bytes)
{
	if (unlikely(bytes >= TLSF_SMALL_LIMIT))
		bytes += ((size_t)1 << (tlsf_log2(bytes) - TLSF_SECOND_SHIFT)) - 1;
	return tlsf_class_of(bytes);
}

static inline void tlsf_list_insert(tlsf_t *self, tlsf_block_t *block)
{
	tlsf_class_t class = tlsf_class_of(tlsf_block_bytes(block));
	tlsf_block_t *head = self->free_lists[class.first][class.second];

	block->next_free = head;
	block->prev_free = NULL;
	if (head)
		head->prev_free = block;
	self->free_lists[class.first][class.second] = block;
	self->second_map[class.first] |= UINT32_C(1) << class.second;
	self->first_map |= UINT32_C(1) << class.first;
}

static inline void tlsf_list_clear_bits(tlsf_t *self, tlsf_class_t class)
{
	self->second_map[class.first] &= ~(UINT32_C(1) << class.second);
	if (!self->second_map[class.first])
		self->first_map &= ~(UINT32_C(1) << class.first);
}

static inline void tlsf_list_remove(tlsf_t *self, tlsf_block_t *block)
{
	tlsf_block_t *next = block->next_free;
	tlsf_block_t *prev = block->prev_free;

	if (next)
		next->prev_free = prev;
	if (prev) {
		prev->next_free = next;
		return;
	}
	tlsf_class_t class = tlsf_class_of(tlsf_block_bytes(block));
	self->free_lists[class.first][class.second] = next;
	if (!next)
		tlsf_list_clear_bits(self, class);
}

/* @p block stands in for @p old, of the same class, in its list. */
static inline void tlsf_list_replace(tlsf_t *self, tlsf_class_t class, tlsf_block_t *old,
				     tlsf_block_t *block)
{
	tlsf_block_t *next = old->next_free;
	tlsf_block_t *prev = old->prev_free;

	block->next_free = next;
	block->prev_free = prev;
	if (next)
		next->prev_free = block;
	if (prev)
		prev->next_free = block;
	else
		self->free_lists[class.first][class.second] = block;
}

static inline bool tlsf_same_class(tlsf_class_t a, tlsf_class_t b)
{
	return a.first == b.first && a.second == b.second;
}

/* The first block of the smallest non-empty class from @p *class on, which it updates; NULL where there is none. */
static inline tlsf_block_t *tlsf_list_find(const tlsf_t *self, tlsf_class_t *class)
{
	uint32_t map = self->second_map[class->first] & (~UINT32_C(0) << class->second);

	if (!map) {
		uint32_t first_map = self->first_map & (~UINT32_C(0) << (class->first + 1));
		if (unlikely(!first_map))
			return NULL;
		class->first = (unsigned)__builtin_ctz(first_map);
		map = self->second_map[class->first];
	}
	class->second = (unsigned)__builtin_ctz(map);
	return self->free_lists[class->first][class->second];
}

/* Take out @p block, the first of its list. */
static inline void tlsf_list_pop(tlsf_t *self, tlsf_class_t class, tlsf_block_t *block)
{
	tlsf_block_t *next = block->next_free;

	self->free_lists[class.first][class.second] = next;
	if (next)
		next->prev_free = NULL;
	else
		tlsf_list_clear_bits(self, class);
}

/* Write the header of the free @p block and what the block behind it knows of it. */
static inline void tlsf_block_mark_free(tlsf_block_t *block, size_t bytes)
{
	tlsf_block_t *next = tlsf_block_at(block, bytes);

	block->bytes_flags = bytes | TLSF_FREE;
	next->prev_physical = block;
	next->bytes_flags |= TLSF_PREV_FREE;
}

/* Make @p block, of which nothing is listed, a free one of @p bytes. The block in front is in use. */
static inline void tlsf_block_make_free(tlsf_t *self, tlsf_block_t *block, size_t bytes)
{
	tlsf_block_mark_free(block, bytes);
	tlsf_list_insert(self, block);
}

/* Put @p block, taken out of its list and @p have bytes long, in use with @p want of them; the rest stays free. */
static inline void *tlsf_block_use(tlsf_t *self, tlsf_block_t *block, size_t have, size_t want)
{
	size_t flags = block->bytes_flags & TLSF_PREV_FREE;

	if (have - want >= TLSF_BLOCK_MIN) {
		tlsf_block_make_free(self, tlsf_block_at(block, want), have - want);
		have = want;
	} else {
		tlsf_block_at(block, have)->bytes_flags &= ~TLSF_PREV_FREE;
	}
	block->bytes_flags = have | flags;
	self->used_bytes += have;
	return tlsf_block_payload(block);
}

/* As tlsf_block_use(), of the first @p block in the list of @p class: a rest of that very class takes its place. */
static inline void *tlsf_block_use_listed(tlsf_t *self, tlsf_class_t class, tlsf_block_t *block,
					  size_t want)
{
	size_t have = tlsf_block_bytes(block);
	tlsf_block_t *rest = tlsf_block_at(block, want);

	if (have - want < TLSF_BLOCK_MIN || !tlsf_same_class(tlsf_class_of(have - want), class)) {
		tlsf_list_pop(self, class, block);
		return tlsf_block_use(self, block, have, want);
	}
	tlsf_list_replace(self, class, block, rest);
	tlsf_block_mark_free(rest, have - want);
	block->bytes_flags = want;
	self->used_bytes += want;
	return tlsf_block_payload(block);
}
