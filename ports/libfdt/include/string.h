/* SPDX-License-Identifier: Apache-2.0 */
/* What libfdt uses of the C library's <string.h>; the functions are element memstr's. */
#pragma once

#if __STDC_HOSTED__ /* a unit test */
#include_next <string.h>
#else
#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
void *memchr(const void *memory, int byte, size_t bytes);
size_t strlen(const char *string);
size_t strnlen(const char *string, size_t most);
int strcmp(const char *a, const char *b);
char *strchr(const char *string, int character);
char *strrchr(const char *string, int character);
#endif
