/* SPDX-License-Identifier: Apache-2.0 */
/* memset for any machine: bytes up to an aligned word, words, bytes. */
#include "names.h"

typedef uintptr_t word_t __attribute__((may_alias));

MEMSTR_WEAK void *MEMSTR_NAME(memset)(void *to, int value, size_t bytes)
{
	unsigned char *p = to;
	uintptr_t word = (uintptr_t)-1 / 255 * (unsigned char)value;
	for (; bytes && ((uintptr_t)p & (sizeof(word_t) - 1)); bytes--)
		*p++ = (unsigned char)value;
	for (; bytes >= sizeof(word_t); bytes -= sizeof(word_t), p += sizeof(word_t))
		*(word_t *)p = word;
	for (; bytes; bytes--)
		*p++ = (unsigned char)value;
	return to;
}
