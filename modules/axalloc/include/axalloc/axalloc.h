/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of the image. Pages come from all free RAM; the byte heap takes pages and grows by at least its own size
 * each time, so that n bytes cost O(log n) growths. Thread context, any CPU; not from interrupt handlers.
 * When memory runs out the caller gets NULL or 0, and the log says so once until memory is freed again.
 *
 * With feature `smp` each CPU has freed blocks of up to 2 KiB at hand, and in the common case allocating and freeing
 * such blocks takes no lock. When memory runs out these blocks serve too, of all CPUs, but not for a caller with
 * interrupts masked: another CPU that waits for this one would wait for ever.
 */
#pragma once

#include <memory_addr/memory_addr.h>
#include <stddef.h>

#pragma GCC visibility push(default)

/** Take over RAM; once, before any other call. PANICs on a machine without memory. */
void axalloc_init(void);

/**
 * @p bytes aligned to @p alignment (a power of two; 0: 16 bytes). Not zeroed.
 * @return NULL when memory is out or the request is absurd; 0 bytes give a pointer of their own
 */
void *axalloc_alloc(size_t bytes, size_t alignment);

/** Give back what axalloc_alloc() or axalloc_realloc() returned; NULL does nothing. */
void axalloc_free(void *pointer);

/** Grow or shrink, contents kept; NULL @p pointer allocates. On NULL the old block is untouched. */
void *axalloc_realloc(void *pointer, size_t bytes, size_t alignment);

/** Bytes that may be used at @p pointer, at least what was asked for. */
size_t axalloc_usable_size(void *pointer);

/** @p count contiguous pages aligned to @p alignment bytes; 0 when out. Not zeroed. */
vaddr_t axalloc_pages(size_t count, size_t alignment);

/** Give back all of what axalloc_pages() returned. */
void axalloc_free_pages(vaddr_t start, size_t count);

typedef struct axalloc_stats {
	size_t total_pages;      /* free RAM at boot */
	size_t free_pages;
	size_t heap_bytes;       /* pages that the byte heap holds, in bytes */
	size_t heap_used_bytes;  /* of those, what is handed out */
	size_t heap_cached_bytes; /* of those, free and at hand on a CPU; 0 without `smp` */
} axalloc_stats_t;

/** The figures now. With `smp` it interrupts the other CPUs: interrupts unmasked, unless they are yet to be started. */
axalloc_stats_t axalloc_stats(void);

#pragma GCC visibility pop
