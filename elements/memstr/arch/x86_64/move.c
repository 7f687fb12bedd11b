/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memmove and memcpy for x86_64. Up to 8 wide registers (128 bytes with SSE2): every load comes before the
 * first store, the last load and store overlapping their neighbours, so that each size class is straight-line
 * code and overlap needs no case. Beyond: blocks of 4 registers, upwards or downwards, whose far end was loaded
 * first. No `rep movsb`: its start costs more than a small copy, and an emulated machine runs it byte by byte.
 */
#include "names.h"
#include "word.h"

/* Both ends of a copy of sizeof(type) to 2 * sizeof(type) bytes. */
#define MOVE_ENDS(type)                                                                            \
	do {                                                                                       \
		type first = *(const type *)from;                                                  \
		type last = *(const type *)(from + bytes - sizeof(type));                          \
		*(type *)to = first;                                                               \
		*(type *)(to + bytes - sizeof(type)) = last;                                       \
	} while (0)

static inline wide_t load(const unsigned char *from)
{
	return *(const wide_t *)from;
}

static inline void store(unsigned char *to, wide_t value)
{
	*(wide_t *)to = value;
}

typedef struct block {
	wide_t part[4];
} block_t;

enum { BLOCK = sizeof(block_t) };

static AX_ALWAYS_INLINE block_t load_block(const unsigned char *from)
{
	return (block_t){ { load(from), load(from + WIDE), load(from + 2 * WIDE), load(from + 3 * WIDE) } };
}

static AX_ALWAYS_INLINE void store_block(unsigned char *to, block_t block)
{
	store(to, block.part[0]);
	store(to + WIDE, block.part[1]);
	store(to + 2 * WIDE, block.part[2]);
	store(to + 3 * WIDE, block.part[3]);
}

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

/* The loop's stores are aligned; the ends, loaded before it and stored after it, cover what that leaves out. */
static AX_ALWAYS_INLINE void move_blocks(unsigned char *to, const unsigned char *from, size_t bytes)
{
	block_t tail = load_block(from + bytes - BLOCK);
	if ((uintptr_t)to - (uintptr_t)from >= bytes) {
		unsigned char *end = to + bytes - BLOCK, *start = to;
		wide_t head = load(from);
		size_t skip = WIDE - ((uintptr_t)to & (WIDE - 1));
		for (to += skip, from += skip; to < end; to += BLOCK, from += BLOCK)
			store_block(to, load_block(from));
		store_block(end, tail);
		store(start, head);
	} else {
		block_t head = load_block(from);
		size_t left = bytes - ((uintptr_t)(to + bytes) & (WIDE - 1));
		for (; left > BLOCK; left -= BLOCK)
			store_block(to + left - BLOCK, load_block(from + left - BLOCK));
		store_block(to + bytes - BLOCK, tail);
		store_block(to, head);
	}
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
	} else {
		move_blocks(to, from, bytes);
	}
	return destination;
}

MEMSTR_ALIAS(memmove) void *MEMSTR_NAME(memcpy)(void *to, const void *from, size_t bytes);
