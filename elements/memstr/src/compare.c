/* SPDX-License-Identifier: Apache-2.0 */
/* memcmp and memchr. memcmp goes by words while they are equal; the byte loop then finds the difference. */
#include "names.h"

typedef uint64_t unaligned_word_t __attribute__((aligned(1), may_alias));

MEMSTR_WEAK int MEMSTR_NAME(memcmp)(const void *a, const void *b, size_t bytes)
{
	const unsigned char *p = a, *q = b;
	while (bytes >= sizeof(unaligned_word_t) &&
	       *(const unaligned_word_t *)p == *(const unaligned_word_t *)q) {
		p += sizeof(unaligned_word_t);
		q += sizeof(unaligned_word_t);
		bytes -= sizeof(unaligned_word_t);
	}
	for (; bytes; p++, q++, bytes--) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}

MEMSTR_WEAK void *MEMSTR_NAME(memchr)(const void *start, int value, size_t bytes)
{
	for (const unsigned char *p = start; bytes; p++, bytes--) {
		if (*p == (unsigned char)value)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}
