/* SPDX-License-Identifier: Apache-2.0 */
/* Memory for applications: the kernel's allocator, directly. */
#pragma once

#include <axalloc/axalloc.h>

/** Bytes, 16-byte aligned, not zeroed; NULL when memory is out. */
static inline void *ax_alloc(size_t bytes)
{
	return axalloc_alloc(bytes, 0);
}

/** Grow or shrink, contents kept; NULL allocates. On NULL the old block is untouched. */
static inline void *ax_realloc(void *pointer, size_t bytes)
{
	return axalloc_realloc(pointer, bytes, 0);
}

/** Give back what ax_alloc() or ax_realloc() returned; NULL does nothing. */
static inline void ax_free(void *pointer)
{
	axalloc_free(pointer);
}

static inline void ax_free_scoped(void *variable)
{
	axalloc_free(*(void **)variable);
}

/** `AX_SCOPED_MEMORY char *text = ax_alloc(10);` is freed when its scope is left. */
#define AX_SCOPED_MEMORY __attribute__((cleanup(ax_free_scoped)))
