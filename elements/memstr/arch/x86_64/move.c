/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memmove and memcpy for x86_64. Up to 8 wide registers (128 bytes with SSE2): every load comes before the
 * first store, the last load and store overlapping their neighbours, so that each size class is straight-line
 * code and overlap needs no case. Beyond: blocks of 4 registers, upwards or downwards, whose far end was loaded
 * first; 32-byte registers where the system keeps them. From STRINGS_MIN on `rep movsb` where the processor is good at it:
 * below, its start costs more than the copy.
 */
#include "names.h"
#include "ways.h"
#include "word.h"

/* Both ends of a copy of sizeof(type) to 2 * sizeof(type) bytes. */
#define MOVE_ENDS(type)                                                                            \
	do {                                                                                       \
		type first = *(const type *)from;                                                  \
		type last = *(const type *)(from + bytes - sizeof(type));                          \
		*(type *)to = first;                                                               \
		*(type *)(to + bytes - sizeof(type)) = last;                                       \
	} while (0)

#define REGISTER wide_t
#define NAME(name) name
#define TARGET
#include "blocks.h"

#if WIDE_IS_SSE
#define REGISTER avx_t
#define NAME(name) avx_##name
#define TARGET __attribute__((target("avx")))
#include "blocks.h"
#endif

enum { BLOCK = sizeof(block_t), MANY = 8 * 32 };

static AX_ALWAYS_INLINE void move_up_to_16(unsigned char *to, const unsigned char *from, size_t bytes)
{
	if (bytes >= 8)
		MOVE_ENDS(word8_t);
	else if (bytes >= 4)
		MOVE_ENDS(word4_t);
	else if (bytes >= 2)
		MOVE_ENDS(word2_t);
	else if (bytes)
		*to = *from;
}

/* The processor likes its stores to begin with a line of the cache. */
static AX_ALWAYS_INLINE void move_string(unsigned char *to, const unsigned char *from, size_t bytes)
{
	enum { LINE = 64 };
	const size_t skip = -(uintptr_t)to & (LINE - 1);
	for (size_t i = 0; i < LINE; i += WIDE)
		store(to + i, load(from + i));
	to += skip;
	from += skip;
	bytes -= skip;
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

/* Many bytes. `rep movsb` goes by bytes where the areas are less than a line apart, so it takes none that overlap. */
[[gnu::noinline]] static void move_many(unsigned char *to, const unsigned char *from, size_t bytes)
{
	if (bytes >= STRINGS_MIN && (uintptr_t)to - (uintptr_t)from >= bytes && (uintptr_t)from - (uintptr_t)to >= bytes &&
	    way(WAY_STRINGS)) {
		move_string(to, from, bytes);
		return;
	}
#if WIDE_IS_SSE
	if (way(WAY_AVX)) {
		avx_move_blocks(to, from, bytes);
		return;
	}
#endif
	move_blocks(to, from, bytes);
}

MEMSTR_WEAK void *MEMSTR_NAME(memmove)(void *destination, const void *source, size_t bytes)
{
	unsigned char *to = destination;
	const unsigned char *from = source;
	if (bytes <= 16) {
		move_up_to_16(to, from, bytes);
	} else if (bytes <= 2 * WIDE) {
		MOVE_ENDS(wide_t);
	} else if (bytes <= 4 * WIDE) {
		wide_t a = load(from), b = load(from + WIDE);
		wide_t c = load(from + bytes - 2 * WIDE), d = load(from + bytes - WIDE);
		store(to, a);
		store(to + WIDE, b);
		store(to + bytes - 2 * WIDE, c);
		store(to + bytes - WIDE, d);
	} else if (bytes <= 8 * WIDE) {
		block_t head = load_block(from), tail = load_block(from + bytes - BLOCK);
		store_block(to, head);
		store_block(to + bytes - BLOCK, tail);
	} else if (bytes < MANY) {
		move_blocks(to, from, bytes);
	} else {
		move_many(to, from, bytes);
	}
	return destination;
}

MEMSTR_ALIAS(memmove) void *MEMSTR_NAME(memcpy)(void *to, const void *from, size_t bytes);
