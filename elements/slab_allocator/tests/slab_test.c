/* SPDX-License-Identifier: Apache-2.0 */
/* Behaviour of the slab heap; with and without guards. */
#include <axheaptrace.h>
#include <slab_allocator/slab_allocator.h>

TRACE_HEAP(s_slab, slab, slab_t);

static _Alignas(1 << 20) uint8_t s_region[1 << 20];
static slab_t s_heap;

static void init_heap(size_t bytes)
{
	slab_init(&s_heap);
	CHECK(slab_add_region(&s_heap, s_region, bytes) == AX_OK);
}

TEST(a_heap_without_memory_has_none_to_give)
{
	slab_init(&s_heap);
	CHECK(slab_alloc(&s_heap, 1, 16) == NULL);
	CHECK(slab_check(&s_heap) == AX_OK);
}

TEST(impossible_requests_get_null_and_break_nothing)
{
	init_heap(65536);
	void *block = slab_alloc(&s_heap, 100, 16);
	CHECK(slab_alloc(&s_heap, SIZE_MAX, 16) == NULL);
	CHECK(slab_alloc(&s_heap, SIZE_MAX / 2 + 2, 16) == NULL);
	CHECK(slab_alloc(&s_heap, 8, 0) == NULL);
	CHECK(slab_alloc(&s_heap, 8, 24) == NULL);
	CHECK(slab_alloc(&s_heap, 8, SIZE_MAX / 2 + 1) == NULL);
	CHECK(slab_realloc(&s_heap, block, SIZE_MAX, 16) == NULL);
	CHECK(slab_realloc(&s_heap, block, 8, 3) == NULL);
	slab_free(&s_heap, block);
	CHECK_EQ(slab_used_bytes(&s_heap), 0);
	CHECK(slab_check(&s_heap) == AX_OK);
}

TEST(unfit_regions_are_refused)
{
	init_heap(16384);
	CHECK(slab_add_region(&s_heap, s_region + 32768 + 8, 16384) == AX_ERR_INVALID_INPUT);
	CHECK(slab_add_region(&s_heap, s_region + 32768, SLAB_MIN_REGION - 1) == AX_ERR_INVALID_INPUT);
	CHECK(slab_add_region(&s_heap, NULL, 16384) == AX_ERR_INVALID_INPUT);
	CHECK(slab_add_region(&s_heap, s_region + 32768, SIZE_MAX) == AX_ERR_INVALID_INPUT);
	CHECK(slab_add_region(&s_heap, s_region + 4096, 16384) == AX_ERR_INVALID_INPUT);
	CHECK(slab_check(&s_heap) == AX_OK);
}

#if !SLAB_ALLOCATOR_FEATURE_DEBUG
TEST(objects_come_from_the_smallest_class_and_large_blocks_from_pages)
{
	init_heap(1 << 18);
	CHECK_EQ(slab_usable_size(&s_heap, slab_alloc(&s_heap, 0, 1)), 16);
	CHECK_EQ(slab_usable_size(&s_heap, slab_alloc(&s_heap, 17, 16)), 32);
	CHECK_EQ(slab_usable_size(&s_heap, slab_alloc(&s_heap, 2016, 16)), 2016);
	CHECK_EQ(slab_usable_size(&s_heap, slab_alloc(&s_heap, 2017, 16)), 4096);
	CHECK_EQ(slab_usable_size(&s_heap, slab_alloc(&s_heap, 9000, 16)), 16384);
	CHECK_EQ(slab_usable_size(&s_heap, slab_alloc(&s_heap, 100, 128)), 128);
	CHECK_EQ(slab_used_bytes(&s_heap), 16 + 32 + 2016 + 4096 + 16384 + 128);
	CHECK(slab_check(&s_heap) == AX_OK);
}

TEST(empty_slabs_give_way_to_large_blocks)
{
	void *objects[8];

	init_heap(SLAB_MIN_REGION); /* three pages at that address */
	for (size_t i = 0; i < 3; i++)
		objects[i] = slab_alloc(&s_heap, (size_t)16 << i, 16);
	CHECK(slab_alloc(&s_heap, 2000, 16) == NULL);
	for (size_t i = 0; i < 3; i++)
		slab_free(&s_heap, objects[i]);
	CHECK(slab_check(&s_heap) == AX_OK);
	CHECK(slab_alloc(&s_heap, 8192, 16) != NULL);
	CHECK(slab_check(&s_heap) == AX_OK);
}

TEST(realloc_stays_in_place_within_a_class)
{
	init_heap(65536);
	void *block = slab_alloc(&s_heap, 60, 16);
	CHECK(slab_realloc(&s_heap, block, 49, 16) == block);
	CHECK(slab_realloc(&s_heap, block, 64, 16) == block);
	CHECK(slab_realloc(&s_heap, block, 65, 16) != block);
	void *large = slab_alloc(&s_heap, 16384, 16);
	CHECK(slab_realloc(&s_heap, large, 5000, 16) == large);
	CHECK_EQ(slab_usable_size(&s_heap, large), 8192);
	CHECK(slab_check(&s_heap) == AX_OK);
}

/* An allocation with guards leaves the page's first bytes as they are when it is aligned. */
TEST(what_an_earlier_heap_left_is_no_slab)
{
	init_heap(65536);
	CHECK(slab_alloc(&s_heap, 100, 16) != NULL);
	for (size_t page = 0; page < 16; page++)
		*(slab_page_t *)(s_region + page * PAGE_SIZE) =
			(slab_page_t){ .magic = UINT64_C(0x51ab51ab0b7ec75e) ^ (uintptr_t)(s_region + page * PAGE_SIZE) };
	init_heap(65536);
	void *block;
	while ((block = slab_alloc(&s_heap, SLAB_MAX_OBJECT, 2048)))
		CHECK(slab_check(&s_heap) == AX_OK);
	CHECK(slab_used_bytes(&s_heap) > 0);
}

TEST(check_notices_a_broken_free_list)
{
	init_heap(65536);
	char *a = slab_alloc(&s_heap, 16, 16);
	CHECK(slab_alloc(&s_heap, 16, 16) != NULL);
	slab_free(&s_heap, a);
	CHECK(slab_check(&s_heap) == AX_OK);
	a[3] = 7;
	CHECK(slab_check(&s_heap) == AX_ERR_BAD_STATE);
}
#endif

TEST(random_traces_hold_every_promise)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		init_heap(sizeof s_region);
		heap_trace_run(&s_slab, &s_heap, seed, 6000, 14);
	}
}

TEST(random_traces_hold_every_promise_when_memory_is_short)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		slab_init(&s_heap);
		CHECK(slab_add_region(&s_heap, s_region + 16, 60000) == AX_OK);
		CHECK(slab_add_region(&s_heap, s_region + 69632, 19999) == AX_OK);
		heap_trace_run(&s_slab, &s_heap, seed, 6000, 12);
	}
}
