/* SPDX-License-Identifier: Apache-2.0 */
/* The str* functions, a byte at a time: the kernel's strings are short. */
#include "names.h"

MEMSTR_WEAK size_t MEMSTR_NAME(strlen)(const char *text)
{
	const char *end = text;
	while (*end)
		end++;
	return (size_t)(end - text);
}

MEMSTR_WEAK size_t MEMSTR_NAME(strnlen)(const char *text, size_t max_bytes)
{
	size_t length = 0;
	while (length < max_bytes && text[length])
		length++;
	return length;
}

MEMSTR_WEAK int MEMSTR_NAME(strcmp)(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return (unsigned char)*a - (unsigned char)*b;
}

MEMSTR_WEAK int MEMSTR_NAME(strncmp)(const char *a, const char *b, size_t max_bytes)
{
	for (; max_bytes; a++, b++, max_bytes--) {
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}

MEMSTR_WEAK char *MEMSTR_NAME(strchr)(const char *text, int character)
{
	for (;; text++) {
		if (*text == (char)character)
			return (char *)(uintptr_t)text;
		if (!*text)
			return NULL;
	}
}

MEMSTR_WEAK char *MEMSTR_NAME(strrchr)(const char *text, int character)
{
	const char *last = NULL;
	for (;; text++) {
		if (*text == (char)character)
			last = text;
		if (!*text)
			return (char *)(uintptr_t)last;
	}
}
