/* SPDX-License-Identifier: Apache-2.0 */
/* A group's bitmaps, and their bits: bit i is bit i % 8 of byte i / 8; 1 is in use. */
#pragma once

#include "volume.h"

#include <memstr/memstr.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct group_bitmap {
	buffer_t *descriptors;
	group_t *group;
	buffer_t *bitmap;
	uint16_t unwritten; /* the flag that says so */
	bool is_unwritten;  /* it was never written: zeroes, for the caller to fill in */
} group_bitmap_t;

/** The bitmap of blocks or of inodes of group @p index, found sound; until group_bitmap_leave(). */
ax_err_t group_bitmap_enter(extfs_t *self, uint32_t index, bool of_blocks, group_bitmap_t *at);
void group_bitmap_leave(const group_bitmap_t *at);

/** It has changed, and the counts of its group and of the volume with it. */
void group_bitmap_change(extfs_t *self, const group_bitmap_t *at);

static inline bool bit_is_set(const uint8_t *bitmap, uint32_t bit)
{
	return bitmap[bit / 8] >> bit % 8 & 1;
}

static inline void bits_set(uint8_t *bitmap, uint32_t first, uint32_t count)
{
	for (uint32_t bit = first; bit < first + count; bit++)
		bitmap[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static inline void bit_clear(uint8_t *bitmap, uint32_t bit)
{
	bitmap[bit / 8] &= (uint8_t)~(1u << bit % 8);
}

/** The first bit from @p first on that is 0, or @p end. */
static inline uint32_t bits_find_clear(const uint8_t *bitmap, uint32_t first, uint32_t end)
{
	uint32_t bit = first;
	while (bit < end) {
		uint64_t word;
		if (bit % 64 == 0 && end - bit >= 64 && (memcpy(&word, bitmap + bit / 8, sizeof word), word == UINT64_MAX))
			bit += 64;
		else if (bit_is_set(bitmap, bit))
			bit++;
		else
			return bit;
	}
	return end;
}
