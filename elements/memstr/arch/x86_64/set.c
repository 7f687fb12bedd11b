/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memset for x86_64: overlapping stores of the widest register, and `rep stosb`, as in move.c.
 */
#include "names.h"
#include "ways.h"
#include "word.h"

#define SET_ENDS(type)                                                                             \
	do {                                                                                       \
		*(type *)to = (type)word;                                                          \
		*(type *)(to + bytes - sizeof(type)) = (type)word;                                 \
	} while (0)

static AX_ALWAYS_INLINE void set_up_to_16(unsigned char *to, uint64_t word, size_t bytes)
{
	if (bytes >= 8)
		SET_ENDS(word8_t);
	else if (bytes >= 4)
		SET_ENDS(word4_t);
	else if (bytes >= 2)
		SET_ENDS(word2_t);
	else if (bytes)
		*to = (unsigned char)word;
}

MEMSTR_WEAK void *MEMSTR_NAME(memset)(void *destination, int value, size_t bytes)
{
	unsigned char *to = destination;
	uint64_t word = 0x0101010101010101u * (unsigned char)value;
	if (bytes <= 16) {
		set_up_to_16(to, word, bytes);
		return destination;
	}
	wide_t wide = WIDE_OF(word);
	unsigned char *end = to + bytes;
	if (bytes >= STRINGS_MIN && way(WAY_STRINGS)) {
		__asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(value) : "memory");
		return destination;
	}
	for (; (size_t)(end - to) > 4 * WIDE; to += 4 * WIDE) {
		*(wide_t *)to = wide;
		*(wide_t *)(to + WIDE) = wide;
		*(wide_t *)(to + 2 * WIDE) = wide;
		*(wide_t *)(to + 3 * WIDE) = wide;
	}
	for (; (size_t)(end - to) > WIDE; to += WIDE)
		*(wide_t *)to = wide;
	*(wide_t *)(end - WIDE) = wide;
	return destination;
}
