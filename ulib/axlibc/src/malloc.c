/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malloc() and its family are the kernel's allocator: no second heap. The __libc_ names are for the C library's own
 * use. Alignment of malloc() is 16 bytes, as the ABI's max_align_t wants.
 */
#include "axlibc_malloc.h"

#include <axalloc/axalloc.h>
#include <base/base.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

enum { ALIGNMENT = 16 };

static void *or_enomem(void *memory)
{
	if (unlikely(!memory))
		errno = ENOMEM;
	return memory;
}

void *malloc(size_t bytes)
{
	return or_enomem(axalloc_alloc(bytes, ALIGNMENT));
}

void *calloc(size_t count, size_t bytes)
{
	size_t total;
	if (__builtin_mul_overflow(count, bytes, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	void *memory = axalloc_alloc(total, ALIGNMENT);
	return memory ? memset(memory, 0, total) : or_enomem(NULL);
}

void *realloc(void *memory, size_t bytes)
{
	return or_enomem(axalloc_realloc(memory, bytes, ALIGNMENT));
}

void free(void *memory)
{
	axalloc_free(memory);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
	if (!alignment || (alignment & (alignment - 1))) {
		errno = EINVAL;
		return NULL;
	}
	return or_enomem(axalloc_alloc(bytes, AX_MAX(alignment, (size_t)ALIGNMENT)));
}

void *memalign(size_t alignment, size_t bytes)
{
	return aligned_alloc(alignment, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes)
{
	if (alignment < sizeof(void *) || (alignment & (alignment - 1)))
		return EINVAL;
	void *allocated = axalloc_alloc(bytes, AX_MAX(alignment, (size_t)ALIGNMENT));
	if (!allocated)
		return ENOMEM;
	*memory = allocated;
	return 0;
}

size_t malloc_usable_size(void *memory)
{
	return memory ? axalloc_usable_size(memory) : 0;
}

void *__libc_malloc(size_t bytes)
{
	return malloc(bytes);
}

void *__libc_calloc(size_t count, size_t bytes)
{
	return calloc(count, bytes);
}

void *__libc_realloc(void *memory, size_t bytes)
{
	return realloc(memory, bytes);
}

void __libc_free(void *memory)
{
	free(memory);
}
