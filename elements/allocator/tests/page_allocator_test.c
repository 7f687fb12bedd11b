/* SPDX-License-Identifier: Apache-2.0 */
/* Pages by address: windows with holes, alignment of addresses, misuse. */
#include <axtest.h>
#include <allocator/page_allocator.h>

#define BASE   ((vaddr_t)0xffff800000103000)
#define WINDOW ((size_t)16 << 20)

static uint64_t s_storage[1024];
static page_allocator_t s_pages;

static void init_pages(void)
{
	CHECK(page_allocator_storage_bytes(WINDOW) <= sizeof s_storage);
	CHECK(page_allocator_init(&s_pages, BASE, WINDOW, s_storage) == AX_OK);
}

TEST(a_window_is_empty_until_pages_are_added)
{
	init_pages();
	CHECK_EQ(page_allocator_alloc(&s_pages, 1, PAGE_SIZE), 0);
	CHECK(page_allocator_add(&s_pages, BASE, WINDOW) == AX_OK);
	CHECK_EQ(page_allocator_free_pages(&s_pages), WINDOW / PAGE_SIZE);
	CHECK_EQ(page_allocator_used_pages(&s_pages), 0);
	CHECK_EQ(page_allocator_alloc(&s_pages, 1, PAGE_SIZE), BASE);
	CHECK_EQ(page_allocator_used_pages(&s_pages), 1);
}

TEST(addresses_are_aligned_whatever_the_base)
{
	init_pages();
	CHECK(page_allocator_add(&s_pages, BASE, WINDOW) == AX_OK);
	for (size_t align = 1; align <= (size_t)8 << 20; align *= 2) {
		vaddr_t pages = page_allocator_alloc(&s_pages, 2, align);
		CHECK(pages && pages % align == 0 && pages % PAGE_SIZE == 0);
	}
	CHECK_EQ(page_allocator_alloc(&s_pages, 1, (size_t)1 << 40), 0);
}

TEST(holes_are_never_handed_out)
{
	init_pages();
	CHECK(page_allocator_add(&s_pages, BASE + 100, 3 * PAGE_SIZE) == AX_OK);
	CHECK(page_allocator_add(&s_pages, BASE + 8 * PAGE_SIZE, 2 * PAGE_SIZE + 5) == AX_OK);
	CHECK_EQ(page_allocator_free_pages(&s_pages), 4);
	CHECK_EQ(page_allocator_alloc(&s_pages, 3, PAGE_SIZE), 0);
	CHECK_EQ(page_allocator_alloc(&s_pages, 2, PAGE_SIZE), BASE + PAGE_SIZE);
	CHECK_EQ(page_allocator_alloc(&s_pages, 2, PAGE_SIZE), BASE + 8 * PAGE_SIZE);
	CHECK_EQ(page_allocator_alloc(&s_pages, 1, PAGE_SIZE), 0);
}

TEST(misuse_is_refused_and_changes_nothing)
{
	init_pages();
	CHECK(page_allocator_add(&s_pages, BASE, 10 * PAGE_SIZE) == AX_OK);
	vaddr_t pages = page_allocator_alloc(&s_pages, 4, PAGE_SIZE);
	CHECK(page_allocator_free(&s_pages, pages + 8, 1) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_free(&s_pages, BASE - PAGE_SIZE, 1) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_free(&s_pages, BASE + WINDOW, 1) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_free(&s_pages, pages, 5) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_add(&s_pages, BASE, PAGE_SIZE - 1) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_add(&s_pages, BASE, SIZE_MAX) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_add(&s_pages, UINTPTR_MAX - 9, 9) == AX_ERR_INVALID_INPUT);
	CHECK_EQ(page_allocator_alloc(&s_pages, 0, PAGE_SIZE), 0);
	CHECK_EQ(page_allocator_alloc(&s_pages, 1, 0), 0);
	CHECK_EQ(page_allocator_alloc(&s_pages, 1, 3 * PAGE_SIZE), 0);
	CHECK_EQ(page_allocator_used_pages(&s_pages), 4);
	CHECK(page_allocator_free(&s_pages, pages, 4) == AX_OK);
	CHECK(page_allocator_free(&s_pages, pages, 4) == AX_ERR_INVALID_INPUT);
	CHECK_EQ(page_allocator_used_pages(&s_pages), 0);
}

TEST(a_given_page_can_be_taken)
{
	init_pages();
	CHECK(page_allocator_add(&s_pages, BASE, 10 * PAGE_SIZE) == AX_OK);
	CHECK(page_allocator_alloc_at(&s_pages, BASE + PAGE_SIZE, 2) == AX_OK);
	CHECK(page_allocator_alloc_at(&s_pages, BASE + 2 * PAGE_SIZE, 2) == AX_ERR_NO_MEMORY);
	CHECK(page_allocator_alloc_at(&s_pages, BASE + 1, 1) == AX_ERR_INVALID_INPUT);
	CHECK_EQ(page_allocator_used_pages(&s_pages), 2);
}

TEST(an_impossible_window_is_refused)
{
	page_allocator_t pages;

	CHECK(page_allocator_init(&pages, 0, WINDOW, s_storage) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_init(&pages, BASE + 1, WINDOW, s_storage) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_init(&pages, BASE, 100, s_storage) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_init(&pages, BASE, SIZE_MAX, s_storage) == AX_ERR_INVALID_INPUT);
	CHECK(page_allocator_init(&pages, BASE, WINDOW, NULL) == AX_ERR_INVALID_INPUT);
}
