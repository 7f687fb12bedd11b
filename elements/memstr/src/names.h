/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under which names this component defines its functions: weak and under C's names in an image; as memstr_NAME in a
 * hosted build, that is in a unit test, where libc's own serve as the reference.
 */
#pragma once

#include <base/base.h>
#include <memstr/memstr.h>
#include <stdbool.h>
#include <stdint.h>

#if __STDC_HOSTED__
#define MEMSTR_NAME(name) memstr_##name
#define MEMSTR_LINK(name) "memstr_" #name
void *memstr_memcpy(void *to, const void *from, size_t bytes);
void *memstr_memmove(void *to, const void *from, size_t bytes);
void *memstr_memset(void *to, int value, size_t bytes);
int memstr_memcmp(const void *a, const void *b, size_t bytes);
void *memstr_memchr(const void *start, int value, size_t bytes);
size_t memstr_strlen(const char *text);
size_t memstr_strnlen(const char *text, size_t max_bytes);
int memstr_strcmp(const char *a, const char *b);
int memstr_strncmp(const char *a, const char *b, size_t max_bytes);
char *memstr_strchr(const char *text, int character);
char *memstr_strrchr(const char *text, int character);
#else
#define MEMSTR_NAME(name) name
#define MEMSTR_LINK(name) #name
#endif

#ifndef __clang__ /* which -fno-builtin tells the same */
#pragma GCC optimize("no-tree-loop-distribute-patterns") /* else the loop of memset becomes a call of memset */
#endif

#define MEMSTR_WEAK	    __attribute__((weak))
#define MEMSTR_ALIAS(of) __attribute__((weak, alias(MEMSTR_LINK(of))))
