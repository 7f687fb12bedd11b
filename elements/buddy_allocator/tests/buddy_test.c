/* SPDX-License-Identifier: Apache-2.0 */
/* Behaviour of the buddy heap; with and without guards. */
#include <axheaptrace.h>
#include <buddy_allocator/buddy_allocator.h>

TRACE_HEAP(s_buddy, buddy, buddy_t);

static _Alignas(1 << 20) uint8_t s_region[1 << 20];
static buddy_t s_heap;

static void init_heap(size_t bytes)
{
	buddy_init(&s_heap);
	CHECK(buddy_add_region(&s_heap, s_region, bytes) == AX_OK);
}

TEST(a_heap_without_memory_has_none_to_give)
{
	buddy_init(&s_heap);
	CHECK(buddy_alloc(&s_heap, 1, 16) == NULL);
	CHECK(buddy_check(&s_heap) == AX_OK);
}

TEST(impossible_requests_get_null_and_break_nothing)
{
	init_heap(65536);
	void *block = buddy_alloc(&s_heap, 100, 16);
	CHECK(buddy_alloc(&s_heap, SIZE_MAX, 16) == NULL);
	CHECK(buddy_alloc(&s_heap, SIZE_MAX / 2 + 2, 16) == NULL);
	CHECK(buddy_alloc(&s_heap, 8, 0) == NULL);
	CHECK(buddy_alloc(&s_heap, 8, 24) == NULL);
	CHECK(buddy_alloc(&s_heap, 8, SIZE_MAX / 2 + 1) == NULL);
	CHECK(buddy_realloc(&s_heap, block, SIZE_MAX, 16) == NULL);
	CHECK(buddy_realloc(&s_heap, block, 8, 3) == NULL);
	buddy_free(&s_heap, block);
	CHECK_EQ(buddy_used_bytes(&s_heap), 0);
	CHECK(buddy_check(&s_heap) == AX_OK);
}

TEST(unfit_regions_are_refused)
{
	init_heap(8192);
	CHECK(buddy_add_region(&s_heap, s_region + 16384 + 8, 4096) == AX_ERR_INVALID_INPUT);
	CHECK(buddy_add_region(&s_heap, s_region + 16384, BUDDY_MIN_REGION - 1) == AX_ERR_INVALID_INPUT);
	CHECK(buddy_add_region(&s_heap, NULL, 4096) == AX_ERR_INVALID_INPUT);
	CHECK(buddy_add_region(&s_heap, s_region + 16384, SIZE_MAX) == AX_ERR_INVALID_INPUT);
	CHECK(buddy_add_region(&s_heap, s_region + 4096, 8192) == AX_ERR_INVALID_INPUT);
	CHECK(buddy_check(&s_heap) == AX_OK);
}

#if !BUDDY_ALLOCATOR_FEATURE_DEBUG
TEST(a_block_costs_the_next_power_of_two)
{
	init_heap(65536);
	CHECK_EQ(buddy_usable_size(&s_heap, buddy_alloc(&s_heap, 0, 1)), 32);
	CHECK_EQ(buddy_usable_size(&s_heap, buddy_alloc(&s_heap, 33, 1)), 64);
	CHECK_EQ(buddy_usable_size(&s_heap, buddy_alloc(&s_heap, 4096, 1)), 4096);
	CHECK_EQ(buddy_used_bytes(&s_heap), 32 + 64 + 4096);
}

TEST(realloc_grows_into_free_buddies_and_shrinks_in_place)
{
	init_heap(65536);
	void *block = buddy_alloc(&s_heap, 32, 4096);
	CHECK(buddy_realloc(&s_heap, block, 4096, 16) == block);
	CHECK(buddy_realloc(&s_heap, block, 32, 16) == block);
	CHECK_EQ(buddy_usable_size(&s_heap, block), 32);
	CHECK(buddy_check(&s_heap) == AX_OK);
}

TEST(free_of_what_is_no_block_is_ignored)
{
	int local;

	init_heap(65536);
	char *block = buddy_alloc(&s_heap, 256, 16);
	buddy_free(&s_heap, block + 32);
	buddy_free(&s_heap, block + 1);
	buddy_free(&s_heap, &local);
	CHECK_EQ(buddy_used_bytes(&s_heap), 256);
	buddy_free(&s_heap, block);
	buddy_free(&s_heap, block);
	CHECK_EQ(buddy_used_bytes(&s_heap), 0);
	CHECK(buddy_check(&s_heap) == AX_OK);
}
#endif

TEST(a_heap_of_pages_gives_pages)
{
	buddy_init_with_min_order(&s_heap, 12);
	CHECK(buddy_add_region(&s_heap, s_region, 5000) == AX_ERR_INVALID_INPUT);
	CHECK(buddy_add_region(&s_heap, s_region, 65536) == AX_OK);
	CHECK_EQ(buddy_free_bytes(&s_heap), 15 * 4096);
	for (int i = 0; i < 15; i++)
		CHECK((uintptr_t)buddy_raw_alloc(&s_heap, 1, 1) % 4096 == 0);
	CHECK(buddy_raw_alloc(&s_heap, 1, 1) == NULL);
}

TEST(random_traces_hold_every_promise)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		init_heap(sizeof s_region);
		heap_trace_run(&s_buddy, &s_heap, seed, 6000, 14);
	}
}

TEST(random_traces_hold_every_promise_when_memory_is_short)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		buddy_init(&s_heap);
		CHECK(buddy_add_region(&s_heap, s_region + 16, 60000) == AX_OK);
		CHECK(buddy_add_region(&s_heap, s_region + 69632, 19999) == AX_OK);
		heap_trace_run(&s_buddy, &s_heap, seed, 6000, 12);
	}
}
