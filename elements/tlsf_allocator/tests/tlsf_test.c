/* SPDX-License-Identifier: Apache-2.0 */
/* Behaviour of the TLSF heap; with and without guards. */
#include <axheaptrace.h>
#include <tlsf_allocator/tlsf_allocator.h>

TRACE_HEAP(s_tlsf, tlsf, tlsf_t);

static _Alignas(4096) uint8_t s_region[1 << 20];
static tlsf_t s_heap;

static void init_heap(size_t bytes)
{
	tlsf_init(&s_heap);
	CHECK(tlsf_add_region(&s_heap, s_region, bytes) == AX_OK);
}

TEST(a_heap_without_memory_has_none_to_give)
{
	tlsf_init(&s_heap);
	CHECK(tlsf_alloc(&s_heap, 1, 16) == NULL);
	CHECK_EQ(tlsf_free_bytes(&s_heap), 0);
	CHECK(tlsf_check(&s_heap) == AX_OK);
}

TEST(free_makes_the_whole_region_available_again)
{
	init_heap(64 << 10);
	void *big = tlsf_alloc(&s_heap, 48 << 10, 64);
	CHECK(big && (uintptr_t)big % 64 == 0);
	CHECK(tlsf_alloc(&s_heap, 48 << 10, 64) == NULL);
	tlsf_free(&s_heap, big);
	CHECK(tlsf_alloc(&s_heap, 48 << 10, 64) == big);
}

TEST(neighbours_coalesce_in_any_order_of_free)
{
	static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					  { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	for (int i = 0; i < 6; i++) {
		void *blocks[3];

		init_heap(64 << 10);
		size_t largest = heap_trace_largest(&s_tlsf, &s_heap);
		for (int j = 0; j < 3; j++)
			blocks[j] = tlsf_alloc(&s_heap, 1000, 16);
		for (int j = 0; j < 3; j++)
			tlsf_free(&s_heap, blocks[orders[i][j]]);
		CHECK_EQ(heap_trace_largest(&s_tlsf, &s_heap), largest);
		CHECK(tlsf_check(&s_heap) == AX_OK);
	}
}

TEST(empty_requests_get_blocks_of_their_own)
{
	init_heap(4096);
	void *a = tlsf_alloc(&s_heap, 0, 1);
	void *b = tlsf_alloc(&s_heap, 0, 16);
	CHECK(a && b && a != b);
	tlsf_free(&s_heap, a);
	tlsf_free(&s_heap, b);
	tlsf_free(&s_heap, NULL);
	CHECK_EQ(tlsf_used_bytes(&s_heap), 0);
}

TEST(impossible_requests_get_null_and_break_nothing)
{
	init_heap(4096);
	void *block = tlsf_alloc(&s_heap, 100, 16);
	CHECK(tlsf_alloc(&s_heap, SIZE_MAX, 16) == NULL);
	CHECK(tlsf_alloc(&s_heap, SIZE_MAX - 7, 16) == NULL);
	CHECK(tlsf_alloc(&s_heap, SIZE_MAX / 2, 16) == NULL);
	CHECK(tlsf_alloc(&s_heap, TLSF_REQUEST_LIMIT, 16) == NULL);
	CHECK(tlsf_alloc(&s_heap, TLSF_REQUEST_LIMIT, TLSF_REQUEST_LIMIT) == NULL);
	CHECK(tlsf_alloc(&s_heap, 8, SIZE_MAX / 2 + 1) == NULL);
	CHECK(tlsf_alloc(&s_heap, 8, 0) == NULL);
	CHECK(tlsf_alloc(&s_heap, 8, 24) == NULL);
	CHECK(tlsf_realloc(&s_heap, block, SIZE_MAX, 16) == NULL);
	CHECK(tlsf_realloc(&s_heap, block, 8, 0) == NULL);
	CHECK(tlsf_realloc(&s_heap, block, 8, 48) == NULL);
	CHECK(tlsf_check(&s_heap) == AX_OK);
	tlsf_free(&s_heap, block);
	CHECK_EQ(tlsf_used_bytes(&s_heap), 0);
}

TEST(unfit_regions_are_refused)
{
	init_heap(8192);
	CHECK(tlsf_add_region(&s_heap, s_region + 16384 + 8, 4096) == AX_ERR_INVALID_INPUT);
	CHECK(tlsf_add_region(&s_heap, s_region + 16384, TLSF_MIN_REGION - 1) == AX_ERR_INVALID_INPUT);
	CHECK(tlsf_add_region(&s_heap, NULL, 4096) == AX_ERR_INVALID_INPUT);
	CHECK(tlsf_add_region(&s_heap, s_region + 16384, SIZE_MAX) == AX_ERR_INVALID_INPUT);
	CHECK(tlsf_add_region(&s_heap, s_region + 4096, 8192) == AX_ERR_INVALID_INPUT);
	CHECK(tlsf_add_region(&s_heap, (void *)(UINTPTR_MAX - 4095), 8192) == AX_ERR_INVALID_INPUT);
	CHECK(tlsf_check(&s_heap) == AX_OK);
	CHECK(tlsf_add_region(&s_heap, s_region + 16384, TLSF_MIN_REGION) == AX_OK);
	CHECK(tlsf_check(&s_heap) == AX_OK);
}

TEST(regions_that_touch_become_one)
{
	tlsf_init(&s_heap);
	CHECK(tlsf_add_region(&s_heap, s_region + 65536, 65536) == AX_OK);
	void *held = tlsf_alloc(&s_heap, 100, 16);
	CHECK(tlsf_add_region(&s_heap, s_region + 131072, 65536) == AX_OK);
	CHECK(tlsf_check(&s_heap) == AX_OK);
	CHECK(tlsf_add_region(&s_heap, s_region, 65536) == AX_OK);
	CHECK(tlsf_check(&s_heap) == AX_OK);
	tlsf_free(&s_heap, held);
	CHECK(tlsf_check(&s_heap) == AX_OK);
	CHECK_EQ(tlsf_free_bytes(&s_heap), 3 * 65536 - 32);
	CHECK(tlsf_alloc(&s_heap, 3 * 65536 - 256, 16) != NULL);
}

TEST(separate_regions_serve_one_heap)
{
	tlsf_init(&s_heap);
	CHECK(tlsf_add_region(&s_heap, s_region, 65536) == AX_OK);
	CHECK(tlsf_add_region(&s_heap, s_region + 131072, 65536) == AX_OK);
	void *a = tlsf_alloc(&s_heap, 60000, 16);
	void *b = tlsf_alloc(&s_heap, 60000, 16);
	CHECK(a && b);
	CHECK(tlsf_alloc(&s_heap, 60000, 16) == NULL);
	tlsf_free(&s_heap, a);
	tlsf_free(&s_heap, b);
	CHECK_EQ(tlsf_used_bytes(&s_heap), 0);
	CHECK(tlsf_check(&s_heap) == AX_OK);
}

TEST(realloc_keeps_contents_and_the_old_block_when_it_fails)
{
	init_heap(8192);
	char *text = tlsf_realloc(&s_heap, NULL, 8, 16);
	strcpy(text, "ashlar!");
	CHECK(tlsf_realloc(&s_heap, text, 100000, 16) == NULL);
	CHECK_STR(text, "ashlar!");
	text = tlsf_realloc(&s_heap, text, 3000, 256);
	CHECK(text && (uintptr_t)text % 256 == 0);
	CHECK_STR(text, "ashlar!");
	text = tlsf_realloc(&s_heap, text, 8, 16);
	CHECK_STR(text, "ashlar!");
	text = tlsf_realloc(&s_heap, text, 0, 16);
	CHECK(text != NULL);
	tlsf_free(&s_heap, text);
	CHECK_EQ(tlsf_used_bytes(&s_heap), 0);
}

#if !TLSF_ALLOCATOR_FEATURE_DEBUG
TEST(realloc_grows_into_the_free_block_behind)
{
	init_heap(8192);
	void *block = tlsf_alloc(&s_heap, 100, 16);
	CHECK(tlsf_realloc(&s_heap, block, 2000, 16) == block);
	CHECK(tlsf_realloc(&s_heap, block, 50, 16) == block);
	void *wall = tlsf_alloc(&s_heap, 10, 16);
	CHECK(wall != NULL);
	CHECK(tlsf_realloc(&s_heap, block, 3000, 16) != block);
	CHECK(tlsf_check(&s_heap) == AX_OK);
}

TEST(a_block_costs_eight_bytes_and_no_less_than_32)
{
	init_heap(8192);
	CHECK_EQ(tlsf_usable_size(&s_heap, tlsf_alloc(&s_heap, 1, 1)), 24);
	CHECK_EQ(tlsf_usable_size(&s_heap, tlsf_alloc(&s_heap, 24, 16)), 24);
	CHECK_EQ(tlsf_usable_size(&s_heap, tlsf_alloc(&s_heap, 25, 16)), 40);
	CHECK_EQ(tlsf_used_bytes(&s_heap), 32 + 32 + 48);
}

TEST(check_notices_an_overwritten_header)
{
	init_heap(8192);
	char *block = tlsf_alloc(&s_heap, 24, 16);
	CHECK(tlsf_alloc(&s_heap, 24, 16) != NULL);
	memset(block, 0xff, 32);
	CHECK(tlsf_check(&s_heap) == AX_ERR_BAD_STATE);
}

TEST(the_last_byte_of_a_region_can_be_allocated)
{
	for (size_t bytes = TLSF_MIN_REGION; bytes < 20000; bytes += 16) {
		init_heap(bytes);
		CHECK(tlsf_alloc(&s_heap, tlsf_free_bytes(&s_heap) - TLSF_BLOCK_OVERHEAD, 16) != NULL);
		CHECK_EQ(tlsf_free_bytes(&s_heap), 0);
	}
}
#endif

TEST(random_traces_hold_every_promise)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		init_heap(sizeof s_region);
		heap_trace_run(&s_tlsf, &s_heap, seed, 6000, 14);
	}
}

TEST(random_traces_hold_every_promise_when_memory_is_short)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		tlsf_init(&s_heap);
		CHECK(tlsf_add_region(&s_heap, s_region + 16, 30000) == AX_OK);
		CHECK(tlsf_add_region(&s_heap, s_region + 40960, 9999) == AX_OK);
		heap_trace_run(&s_tlsf, &s_heap, seed, 6000, 12);
	}
}
