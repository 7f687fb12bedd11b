/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regions: a header, blocks, and an end block of 0 bytes in use, which stops every walk and every merge. A region that
 * touches another is joined to it: the new memory becomes one block between the old ones and is freed.
 */
#include <memstr/memstr.h>
#include <tlsf_allocator/tlsf_allocator.h>

enum { END_BYTES = TLSF_PAYLOAD_OFFSET };

void tlsf_init(tlsf_t *self)
{
	memset(self, 0, sizeof *self);
}

static uintptr_t region_end(const tlsf_region_t *region)
{
	return (uintptr_t)region + region->bytes;
}

static bool overlaps(const tlsf_t *self, uintptr_t start, uintptr_t end)
{
	for (const tlsf_region_t *region = self->regions; region; region = region->next) {
		if (start < region_end(region) && (uintptr_t)region < end)
			return true;
	}
	return false;
}

/* The link to the region that ends at @p end, or to the one that begins at @p begin; NULL for none that may grow. */
static tlsf_region_t **touching_region(tlsf_t *self, uintptr_t end, uintptr_t begin, size_t size)
{
	tlsf_region_t **link = &self->regions;

	for (; *link; link = &(*link)->next) {
		if ((region_end(*link) == end || (uintptr_t)*link == begin) &&
		    (*link)->bytes + size < TLSF_BLOCK_LIMIT)
			return link;
	}
	return NULL;
}

/* Free @p bytes of new memory at @p block, of which all but PREV_FREE is still to be written. */
static void free_new_block(tlsf_t *self, tlsf_block_t *block, size_t bytes)
{
	block->bytes_flags = bytes | (block->bytes_flags & TLSF_PREV_FREE);
	self->total_bytes += bytes;
	tlsf_raw_free_merging(self, block);
}

static void end_region(tlsf_region_t *region)
{
	tlsf_block_at((void *)region_end(region), -(size_t)END_BYTES)->bytes_flags = 0;
}

/* @p region grows upward: its end block becomes the block of the new memory. */
static void grow_up(tlsf_t *self, tlsf_region_t *region, size_t size)
{
	tlsf_block_t *block = tlsf_block_at((void *)region_end(region), -(size_t)END_BYTES);

	region->bytes += size;
	end_region(region);
	free_new_block(self, block, size);
}

/* The region at @p *link grows downward: a header at @p start takes over. */
static void grow_down(tlsf_t *self, tlsf_region_t **link, void *start, size_t size)
{
	tlsf_region_t *region = start;
	tlsf_block_t *block = tlsf_block_at(start, sizeof *region);

	*region = (tlsf_region_t){ .next = (*link)->next, .bytes = (*link)->bytes + size };
	*link = region;
	block->bytes_flags = 0;
	free_new_block(self, block, size);
}

ax_err_t tlsf_add_region(tlsf_t *self, void *start, size_t size)
{
	uintptr_t begin = (uintptr_t)start;
	uintptr_t end;

	size = align_down(size, TLSF_GRANULE);
	if (!start || !is_aligned(begin, TLSF_GRANULE) || size < TLSF_MIN_REGION ||
	    size >= TLSF_BLOCK_LIMIT)
		return AX_ERR_INVALID_INPUT;
	if (__builtin_add_overflow(begin, size, &end) || overlaps(self, begin, end))
		return AX_ERR_INVALID_INPUT;

	tlsf_region_t **link = touching_region(self, begin, end, size);
	if (link && (uintptr_t)*link == end) {
		grow_down(self, link, start, size);
		return AX_OK;
	}
	if (link) {
		grow_up(self, *link, size);
		return AX_OK;
	}

	tlsf_region_t *region = start;
	tlsf_block_t *block = tlsf_block_at(start, sizeof *region);
	*region = (tlsf_region_t){ .next = self->regions, .bytes = size };
	self->regions = region;
	end_region(region);
	block->bytes_flags = 0;
	free_new_block(self, block, size - sizeof *region - END_BYTES);
	return AX_OK;
}

bool tlsf_contains(const tlsf_t *self, const void *pointer)
{
	for (const tlsf_region_t *region = self->regions; region; region = region->next) {
		uintptr_t first = (uintptr_t)region + sizeof *region + TLSF_PAYLOAD_OFFSET;
		if ((uintptr_t)pointer >= first && (uintptr_t)pointer < region_end(region) - END_BYTES)
			return true;
	}
	return false;
}
