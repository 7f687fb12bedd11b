/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mem* and str* functions of C23 7.26 (and POSIX strnlen) that components use and that compilers call on
 * their own. Same meaning as there; any context, no lock, no error. memcpy is memmove here: overlap is harmless.
 * Definitions are weak: a C library linked into the image may bring its own.
 */
#pragma once

#include <stddef.h>

#pragma GCC visibility push(default)

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
void *memchr(const void *start, int value, size_t bytes);

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t max_bytes);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max_bytes);
char *strchr(const char *text, int character);
char *strrchr(const char *text, int character);

#pragma GCC visibility pop
