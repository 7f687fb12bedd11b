/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heap behind the magazines in these tests: a fixed number of blocks of each class, of which it knows where each is.
 * A block is with the heap, idle in a magazine, or held by a test. Whoever finds one elsewhere counts a violation,
 * since a thread other than main cannot fail a check.
 */
#pragma once

#include <magazine_cache/magazine_cache.h>

enum { HEAP_CLASSES = 4, HEAP_BLOCKS = 1024 };

extern const size_t heap_block_bytes[HEAP_CLASSES];
extern const uint32_t heap_rounds[HEAP_CLASSES];
extern const magazine_heap_t heap_ops;
extern atomic_int heap_violations;
extern atomic_int heap_allocate_calls, heap_free_calls;

/** All blocks are here, none was ever given; of each class at most @p blocks are handed out. */
void heap_init(uint32_t blocks);

/** Blocks of @p class that are here. */
uint32_t heap_left(unsigned class);

/** @p block was taken: it becomes the caller's, who fills it with @p mark. */
void heap_hold(unsigned class, void *block, unsigned char mark);

/** @p block is about to be given: it holds what it was filled with, and ceases to be the caller's. */
void heap_let_go(unsigned class, void *block);

/** Whether a test holds @p block. */
bool heap_is_held(const void *block);
