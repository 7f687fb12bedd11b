/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of four registers, for move.c: of a type REGISTER, under names that NAME() makes, in functions that the compiler
 * makes for TARGET.
 */

typedef struct {
	REGISTER part[4];
} NAME(block_t);

TARGET static AX_ALWAYS_INLINE REGISTER NAME(load)(const unsigned char *from)
{
	return *(const REGISTER *)from;
}

TARGET static AX_ALWAYS_INLINE void NAME(store)(unsigned char *to, REGISTER value)
{
	*(REGISTER *)to = value;
}

TARGET static AX_ALWAYS_INLINE NAME(block_t) NAME(load_block)(const unsigned char *from)
{
	return (NAME(block_t)){ {
		NAME(load)(from), NAME(load)(from + sizeof(REGISTER)), NAME(load)(from + 2 * sizeof(REGISTER)),
		NAME(load)(from + 3 * sizeof(REGISTER)),
	} };
}

TARGET static AX_ALWAYS_INLINE void NAME(store_block)(unsigned char *to, NAME(block_t) block)
{
	for (size_t i = 0; i < 4; i++)
		NAME(store)(to + i * sizeof(REGISTER), block.part[i]);
}

/* The loop's stores are aligned; the ends, loaded before it and stored after it, cover what that leaves out. */
TARGET static void NAME(move_blocks)(unsigned char *to, const unsigned char *from, size_t bytes)
{
	const size_t wide = sizeof(REGISTER), block = sizeof(NAME(block_t));
	NAME(block_t) tail = NAME(load_block)(from + bytes - block);
	if ((uintptr_t)to - (uintptr_t)from >= bytes) {
		unsigned char *end = to + bytes - block, *start = to;
		REGISTER head = NAME(load)(from);
		size_t skip = wide - ((uintptr_t)to & (wide - 1));
		for (to += skip, from += skip; to < end; to += block, from += block)
			NAME(store_block)(to, NAME(load_block)(from));
		NAME(store_block)(end, tail);
		NAME(store)(start, head);
	} else {
		NAME(block_t) head = NAME(load_block)(from);
		size_t left = bytes - ((uintptr_t)(to + bytes) & (wide - 1));
		for (; left > block; left -= block)
			NAME(store_block)(to + left - block, NAME(load_block)(from + left - block));
		NAME(store_block)(to + bytes - block, tail);
		NAME(store_block)(to, head);
	}
}

#undef REGISTER
#undef NAME
#undef TARGET
