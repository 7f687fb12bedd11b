/* SPDX-License-Identifier: Apache-2.0 */
/* Prototypes of what malloc.c defines, visible to the C library: its own headers do not say so. */
#pragma once

#pragma GCC visibility push(default)

#include <malloc.h>
#include <stdlib.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);
void __libc_free(void *memory);

#pragma GCC visibility pop
