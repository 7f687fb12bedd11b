/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guards around heap blocks: what the `debug` feature of every byte allocator is made of.
 *
 * A guarded block asks its allocator for a larger raw block and lays it out so:
 *
 *	raw                  user - 32                        user           user + size
 *	| offset | padding   | offset, unused, size, magic    | size bytes   | 16 canary bytes | slack
 *
 * The allocator's free-list links overwrite no more than the raw block's first 16 bytes, and the magic is beyond them:
 * it still tells "freed" after the block went back, until the memory is handed out anew. The magic is mixed with
 * its address, so a copied block is not mistaken for an allocated one.
 *
 * No locks: the caller serializes. Any context.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

/** Fills freed memory; new memory holds the other one, so that reading either stands out. */
#define HEAP_GUARD_FREED_BYTE 0xdd
#define HEAP_GUARD_FRESH_BYTE 0xcd

/**
 * Size of the raw block for a guarded one of @p size bytes at @p align.
 * @param align  power of two; the raw block has to be aligned to it as well
 * @param[out] raw_size  bytes to ask for
 * @return false where the size overflows
 */
bool heap_guard_raw_size(size_t size, size_t align, size_t *raw_size);

/** Guard @p raw, a block of heap_guard_raw_size() bytes. @return what the user gets, aligned to @p align */
void *heap_guard_arm(void *raw, size_t size, size_t align);

/**
 * End the guarded block @p user: checks it, marks it as freed, poisons it. PANICs with "double free of ...",
 * "free of a pointer that was never allocated: ..." or "heap overrun at ...".
 * @param user  readable at the 32 bytes in front of it: the caller knows that it lies in its heap
 * @return the raw block, to be freed
 */
void *heap_guard_disarm(void *user);

/** The size that @p user was asked with. PANICs as heap_guard_disarm() does. */
size_t heap_guard_size(void *user);

/** Whether the guards of the live block @p raw are whole. */
bool heap_guard_is_intact(const void *raw);

/** PANICs: @p user is not in the heap at all. */
__attribute__((noreturn)) void heap_guard_foreign_pointer(const void *user);

#pragma GCC visibility pop
