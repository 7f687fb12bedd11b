/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses and alignment. A paddr_t is what a bus or a page-table entry holds, a vaddr_t what a pointer holds.
 * Pure functions, any context. Alignments are powers of two.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t paddr_t;
typedef uintptr_t vaddr_t;

#define PAGE_SHIFT 12
#define PAGE_SIZE  ((size_t)1 << PAGE_SHIFT)

static inline bool is_power_of_two(uintptr_t value)
{
	return value && !(value & (value - 1));
}

static inline uintptr_t align_down(uintptr_t value, size_t alignment)
{
	return value & ~(uintptr_t)(alignment - 1);
}

/** Wraps to 0 past the last multiple: check before where the input is not trusted. */
static inline uintptr_t align_up(uintptr_t value, size_t alignment)
{
	return (value + alignment - 1) & ~(uintptr_t)(alignment - 1);
}

static inline bool is_aligned(uintptr_t value, size_t alignment)
{
	return !(value & (alignment - 1));
}

/** Pages that hold @p bytes. */
static inline size_t pages_for(size_t bytes)
{
	return bytes / PAGE_SIZE + (bytes % PAGE_SIZE != 0);
}
