/* SPDX-License-Identifier: Apache-2.0 */
/* Between the page side and the heap side of axalloc. */
#pragma once

#include <axalloc/axalloc.h>
#include <memory_addr/memory_addr.h>
#include <stdbool.h>
#include <stddef.h>

/* pages.c: RAM that neither the heap nor anyone else has. */
void axalloc_pages_init(void);
vaddr_t axalloc_ram_take(size_t count, size_t alignment);
void axalloc_ram_give(vaddr_t start, size_t count);

/* heap.c: pages out of the heap's free memory; 0 if there are none. Giving is refused for what is not the heap's. */
vaddr_t axalloc_heap_take_pages(size_t count, size_t alignment);
bool axalloc_heap_give_pages(vaddr_t start);
void axalloc_heap_stats(axalloc_stats_t *stats);
