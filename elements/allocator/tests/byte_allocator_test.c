/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of byte_allocator.h, whichever backend is chosen. */
#include <axheaptrace.h>
#include <allocator/byte_allocator.h>

TRACE_HEAP(s_heap_trace, byte_allocator, byte_allocator_t);

static _Alignas(4096) uint8_t s_region[1 << 20];
static byte_allocator_t s_heap;

static void init_heap(size_t bytes)
{
	byte_allocator_init(&s_heap);
	CHECK(byte_allocator_add_region(&s_heap, s_region, bytes) == AX_OK);
}

TEST(the_smallest_region_serves_an_allocation)
{
	for (size_t offset = 0; offset < 4096; offset += 16) {
		byte_allocator_init(&s_heap);
		CHECK(byte_allocator_add_region(&s_heap, s_region + offset,
						BYTE_ALLOCATOR_MIN_REGION) == AX_OK);
		void *block = byte_allocator_alloc(&s_heap, 16, 16);
		CHECK(block != NULL);
		byte_allocator_free(&s_heap, block);
		CHECK_EQ(byte_allocator_used_bytes(&s_heap), 0);
	}
}

TEST(a_region_as_large_as_said_holds_the_block_wherever_it_starts)
{
	for (size_t align = 1; align <= 16384; align *= 4) {
		for (size_t size = 1; size < 100000; size = size * 3 / 2 + 1) {
			size_t offset = size * 16 % 8192;
			byte_allocator_init(&s_heap);
			CHECK(byte_allocator_region_for(size, align) + offset <= sizeof s_region);
			CHECK(byte_allocator_add_region(&s_heap, s_region + offset,
							byte_allocator_region_for(size, align)) == AX_OK);
			CHECK(byte_allocator_alloc(&s_heap, size, align) != NULL);
		}
	}
}

TEST(unfit_regions_are_refused)
{
	init_heap(65536);
	CHECK(byte_allocator_add_region(&s_heap, s_region + 131080, 65536) == AX_ERR_INVALID_INPUT);
	CHECK(byte_allocator_add_region(&s_heap, s_region + 131072, BYTE_ALLOCATOR_MIN_REGION - 1) ==
	      AX_ERR_INVALID_INPUT);
	CHECK(byte_allocator_add_region(&s_heap, s_region + 16384, 65536) == AX_ERR_INVALID_INPUT);
	CHECK(byte_allocator_add_region(&s_heap, s_region, SIZE_MAX) == AX_ERR_INVALID_INPUT);
	CHECK(byte_allocator_check(&s_heap) == AX_OK);
}

TEST(impossible_requests_get_null)
{
	init_heap(65536);
	CHECK(byte_allocator_alloc(&s_heap, SIZE_MAX, 16) == NULL);
	CHECK(byte_allocator_alloc(&s_heap, SIZE_MAX / 2 + 2, 16) == NULL);
	CHECK(byte_allocator_alloc(&s_heap, 65536, 16) == NULL);
	CHECK(byte_allocator_alloc(&s_heap, 1, 0) == NULL);
	CHECK(byte_allocator_alloc(&s_heap, 1, 12) == NULL);
	CHECK(byte_allocator_alloc(&s_heap, 1, SIZE_MAX / 2 + 1) == NULL);
	CHECK_EQ(byte_allocator_used_bytes(&s_heap), 0);
	CHECK(byte_allocator_check(&s_heap) == AX_OK);
}

TEST(empty_requests_get_blocks_of_their_own)
{
	init_heap(65536);
	void *a = byte_allocator_alloc(&s_heap, 0, 1);
	void *b = byte_allocator_alloc(&s_heap, 0, 1);
	CHECK(a && b && a != b);
	byte_allocator_free(&s_heap, a);
	byte_allocator_free(&s_heap, b);
	byte_allocator_free(&s_heap, NULL);
	CHECK_EQ(byte_allocator_used_bytes(&s_heap), 0);
}

TEST(realloc_keeps_contents)
{
	init_heap(1 << 18);
	char *text = byte_allocator_realloc(&s_heap, NULL, 7, 16);
	strcpy(text, "ashlar");
	for (size_t size = 7; size < 40000; size = size * 3 / 2) {
		text = byte_allocator_realloc(&s_heap, text, size, 16);
		CHECK_STR(text, "ashlar");
		CHECK(byte_allocator_usable_size(&s_heap, text) >= size);
	}
	CHECK(byte_allocator_realloc(&s_heap, text, SIZE_MAX, 16) == NULL);
	CHECK(byte_allocator_realloc(&s_heap, text, 1, 5) == NULL);
	CHECK_STR(text, "ashlar");
	byte_allocator_free(&s_heap, text);
	CHECK_EQ(byte_allocator_used_bytes(&s_heap), 0);
}

/* The smallest and the largest request of each class get blocks that come back to it, or to a larger one's. */
TEST(a_block_serves_every_request_of_the_class_that_it_comes_back_to)
{
	init_heap(sizeof s_region);
	for (size_t size = 0; size < 10000; size++) {
		unsigned class = byte_allocator_class_for(&s_heap, size);
		CHECK(class <= BYTE_ALLOCATOR_CLASSES);
		if (class == BYTE_ALLOCATOR_CLASSES)
			continue;
		CHECK(byte_allocator_class_bytes(class) >= size);
		CHECK_EQ(byte_allocator_class_for(&s_heap, byte_allocator_class_bytes(class)), class);
		void *block = byte_allocator_alloc(&s_heap, size, 16);
		unsigned of = byte_allocator_class_of(&s_heap, block);
		CHECK(of == BYTE_ALLOCATOR_CLASSES || byte_allocator_usable_size(&s_heap, block) >= byte_allocator_class_bytes(of));
		byte_allocator_free(&s_heap, block);
	}
	CHECK(byte_allocator_class_for(&s_heap, SIZE_MAX) == BYTE_ALLOCATOR_CLASSES);
}

TEST(a_block_of_a_class_s_bytes_belongs_to_it)
{
	init_heap(sizeof s_region);
	const unsigned classes = BYTE_ALLOCATOR_CLASSES; /* 0 with debug */
	for (unsigned class = 0; class < classes; class++) {
		void *block = byte_allocator_alloc(&s_heap, byte_allocator_class_bytes(class), 16);
		CHECK_EQ(byte_allocator_class_of(&s_heap, block), class);
		CHECK_EQ(byte_allocator_block_bytes(&s_heap, block), byte_allocator_used_bytes(&s_heap));
		byte_allocator_free(&s_heap, block);
	}
	for (size_t size = 10000; size < 200000; size *= 2) {
		void *block = byte_allocator_alloc(&s_heap, size, 16);
		CHECK_EQ(byte_allocator_class_of(&s_heap, block), BYTE_ALLOCATOR_CLASSES);
		byte_allocator_free(&s_heap, block);
	}
}

TEST(random_traces_hold_every_promise)
{
	for (uint64_t seed = 1; seed <= 4; seed++) {
		byte_allocator_init(&s_heap);
		CHECK(byte_allocator_add_region(&s_heap, s_region + 48, 500000) == AX_OK);
		CHECK(byte_allocator_add_region(&s_heap, s_region + (1 << 19), 1 << 19) == AX_OK);
		heap_trace_run(&s_heap_trace, &s_heap, seed, 5000, 14);
	}
}
