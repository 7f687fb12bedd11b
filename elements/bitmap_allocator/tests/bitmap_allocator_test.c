/* SPDX-License-Identifier: Apache-2.0 */
/* Behaviour of the page bitmap, and a random trace against a model with one byte a page. */
#include <axtest.h>
#include <bitmap_allocator/bitmap_allocator.h>

enum { MAX_PAGES = 300000 };

static uint64_t s_storage[MAX_PAGES / 32];
static bitmap_allocator_t s_pages;

static void init_pages(size_t pages)
{
	CHECK(bitmap_allocator_storage_bytes(pages) <= sizeof s_storage);
	CHECK(bitmap_allocator_init(&s_pages, s_storage, pages) == AX_OK);
}

static size_t alloc(size_t pages, size_t align)
{
	size_t first = SIZE_MAX;

	return bitmap_allocator_alloc(&s_pages, pages, align, &first) == AX_OK ? first : SIZE_MAX;
}

TEST(all_pages_are_in_use_at_first)
{
	init_pages(1000);
	CHECK_EQ(bitmap_allocator_used_pages(&s_pages), 1000);
	CHECK_EQ(bitmap_allocator_free_pages(&s_pages), 0);
	CHECK_EQ(alloc(1, 1), SIZE_MAX);
}

TEST(storage_counts_every_level)
{
	CHECK_EQ(bitmap_allocator_storage_bytes(0), 0);
	CHECK_EQ(bitmap_allocator_storage_bytes(1), 8);
	CHECK_EQ(bitmap_allocator_storage_bytes(64), 8);
	CHECK_EQ(bitmap_allocator_storage_bytes(65), 24);
	CHECK_EQ(bitmap_allocator_storage_bytes(4097), (65 + 2 + 1) * 8);
	CHECK_EQ(bitmap_allocator_storage_bytes(SIZE_MAX), 0);
	CHECK(bitmap_allocator_init(&s_pages, s_storage, 0) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_init(&s_pages, NULL, 5) == AX_ERR_INVALID_INPUT);
}

TEST(single_pages_come_lowest_first_on_every_number_of_levels)
{
	static const size_t sizes[] = { 1, 63, 64, 65, 4096, 4097, 262144, 262145, MAX_PAGES };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		init_pages(sizes[i]);
		CHECK(bitmap_allocator_free(&s_pages, 0, sizes[i]) == AX_OK);
		for (size_t page = 0; page < sizes[i]; page++) {
			if (alloc(1, 1) != page)
				CHECK_EQ(page, SIZE_MAX);
		}
		CHECK_EQ(alloc(1, 1), SIZE_MAX);
		CHECK(bitmap_allocator_free(&s_pages, sizes[i] - 1, 1) == AX_OK);
		CHECK_EQ(alloc(1, 1), sizes[i] - 1);
	}
}

TEST(runs_cross_words_and_respect_alignment)
{
	init_pages(1024);
	CHECK(bitmap_allocator_free(&s_pages, 3, 1000) == AX_OK);
	CHECK_EQ(alloc(200, 1), 3);
	CHECK_EQ(alloc(64, 64), 256);
	CHECK_EQ(alloc(1, 512), 512);
	CHECK_EQ(alloc(53, 1), 203);
	CHECK_EQ(alloc(1, 1024), SIZE_MAX);
	CHECK_EQ(alloc(1, SIZE_MAX / 2 + 1), SIZE_MAX);
}

TEST(alignment_counts_from_the_number_of_the_first_page)
{
	init_pages(1024);
	bitmap_allocator_set_first_number(&s_pages, 100);
	CHECK(bitmap_allocator_free(&s_pages, 0, 1024) == AX_OK);
	CHECK_EQ(alloc(4, 512), 412);
	CHECK_EQ(alloc(1, 64), 28);
}

TEST(a_failed_free_changes_nothing)
{
	init_pages(200);
	CHECK(bitmap_allocator_free(&s_pages, 100, 10) == AX_OK);
	CHECK(bitmap_allocator_free(&s_pages, 100, 1) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_free(&s_pages, 20, 81) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_free(&s_pages, 109, 5) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_free(&s_pages, 0, 0) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_free(&s_pages, 199, 2) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_free(&s_pages, 200, 1) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_free(&s_pages, 5, SIZE_MAX) == AX_ERR_INVALID_INPUT);
	CHECK_EQ(bitmap_allocator_free_pages(&s_pages), 10);
	CHECK_EQ(alloc(10, 1), 100);
}

TEST(bad_requests_are_refused)
{
	size_t first = 7;

	init_pages(64);
	CHECK(bitmap_allocator_free(&s_pages, 0, 64) == AX_OK);
	CHECK(bitmap_allocator_alloc(&s_pages, 0, 1, &first) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_alloc(&s_pages, 1, 0, &first) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_alloc(&s_pages, 1, 3, &first) == AX_ERR_INVALID_INPUT);
	CHECK(bitmap_allocator_alloc(&s_pages, 65, 1, &first) == AX_ERR_NO_MEMORY);
	CHECK(bitmap_allocator_alloc(&s_pages, SIZE_MAX, 1, &first) == AX_ERR_NO_MEMORY);
	CHECK_EQ(first, 7);
}

TEST(pages_can_be_taken_by_number)
{
	init_pages(256);
	CHECK(bitmap_allocator_free(&s_pages, 0, 256) == AX_OK);
	CHECK(bitmap_allocator_alloc_at(&s_pages, 60, 70) == AX_OK);
	CHECK(bitmap_allocator_alloc_at(&s_pages, 100, 100) == AX_ERR_NO_MEMORY);
	CHECK(bitmap_allocator_alloc_at(&s_pages, 255, 2) == AX_ERR_INVALID_INPUT);
	CHECK_EQ(bitmap_allocator_free_pages(&s_pages), 186);
	CHECK_EQ(alloc(61, 1), 130);
}

/* First fit, as the specification of what the allocator has to answer. */
static size_t model_find(const uint8_t *is_free, size_t limit, size_t pages, size_t align)
{
	for (size_t first = 0; first + pages <= limit; first += align) {
		size_t i = 0;
		while (i < pages && is_free[first + i])
			i++;
		if (i == pages)
			return first;
	}
	return SIZE_MAX;
}

TEST(random_traces_agree_with_a_byte_a_page)
{
	enum { PAGES = 5000, STEPS = 8000 };
	static uint8_t is_free[PAGES];
	size_t free_pages = PAGES;

	init_pages(PAGES);
	CHECK(bitmap_allocator_free(&s_pages, 0, PAGES) == AX_OK);
	memset(is_free, 1, PAGES);
	srand(7);
	for (int step = 0; step < STEPS; step++) {
		size_t pages = 1 + (size_t)rand() % ((size_t)1 << (rand() % 9));
		if (rand() % 2) {
			size_t align = (size_t)1 << (rand() % 3 ? 0 : rand() % 8);
			size_t first = alloc(pages, align);
			CHECK_EQ(first, model_find(is_free, PAGES, pages, align));
			if (first == SIZE_MAX)
				continue;
			memset(is_free + first, 0, pages);
			free_pages -= pages;
		} else {
			size_t first = (size_t)rand() % (PAGES - pages);
			bool all_used = !memchr(is_free + first, 1, pages);
			ax_err_t error = bitmap_allocator_free(&s_pages, first, pages);
			CHECK_EQ(error, all_used ? AX_OK : AX_ERR_INVALID_INPUT);
			if (all_used) {
				memset(is_free + first, 1, pages);
				free_pages += pages;
			}
		}
		CHECK_EQ(bitmap_allocator_free_pages(&s_pages), free_pages);
	}
	for (size_t page = 0; page < PAGES; page++) {
		if (!is_free[page])
			CHECK(bitmap_allocator_free(&s_pages, page, 1) == AX_OK);
	}
	CHECK_EQ(alloc(PAGES, 1), 0);
}
