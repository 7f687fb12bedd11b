/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memmove and memcpy for any machine: by aligned words where both sides share their misalignment, else by bytes.
 * An architecture with cheap unaligned access has its own file.
 */
#include "names.h"

typedef uintptr_t word_t __attribute__((may_alias));

static bool words_fit(const unsigned char *to, const unsigned char *from)
{
	return (((uintptr_t)to ^ (uintptr_t)from) & (sizeof(word_t) - 1)) == 0;
}

static void move_forward(unsigned char *to, const unsigned char *from, size_t bytes)
{
	if (words_fit(to, from)) {
		for (; bytes && ((uintptr_t)to & (sizeof(word_t) - 1)); bytes--)
			*to++ = *from++;
		for (; bytes >= sizeof(word_t); bytes -= sizeof(word_t)) {
			*(word_t *)to = *(const word_t *)from;
			to += sizeof(word_t);
			from += sizeof(word_t);
		}
	}
	for (; bytes; bytes--)
		*to++ = *from++;
}

static void move_backward(unsigned char *to, const unsigned char *from, size_t bytes)
{
	to += bytes;
	from += bytes;
	if (words_fit(to, from)) {
		for (; bytes && ((uintptr_t)to & (sizeof(word_t) - 1)); bytes--)
			*--to = *--from;
		for (; bytes >= sizeof(word_t); bytes -= sizeof(word_t)) {
			to -= sizeof(word_t);
			from -= sizeof(word_t);
			*(word_t *)to = *(const word_t *)from;
		}
	}
	for (; bytes; bytes--)
		*--to = *--from;
}

MEMSTR_WEAK void *MEMSTR_NAME(memmove)(void *to, const void *from, size_t bytes)
{
	if ((uintptr_t)to - (uintptr_t)from >= bytes)
		move_forward(to, from, bytes);
	else
		move_backward(to, from, bytes);
	return to;
}

MEMSTR_ALIAS(memmove) void *MEMSTR_NAME(memcpy)(void *to, const void *from, size_t bytes);
