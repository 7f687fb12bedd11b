/* SPDX-License-Identifier: Apache-2.0 */
/* Between the page side and the heap side of axalloc. */
#pragma once

#include <stddef.h>

void axalloc_pages_init(void);
void axalloc_heap_stats(size_t *heap_bytes, size_t *used_bytes);
