/* SPDX-License-Identifier: Apache-2.0 */
/* Page tables over a fake pool of frames, on named cases and against a model of single pages. */
#include <axtest.h>
#include <base/base.h>
#include <page_table/page_table.h>

enum { FRAMES = 64, KIB = 1024 };
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define RW  (PAGE_READ | PAGE_WRITE)

static _Alignas(4096) char s_frames[FRAMES][4096];
static bool s_used[FRAMES];
static size_t s_free;
static const paddr_t s_base = 0x40000000;

static paddr_t alloc_frame(void *context)
{
	(void)context;
	for (size_t i = 0; i < FRAMES && s_free; i++) {
		if (!s_used[i]) {
			s_used[i] = true;
			s_free--;
			memset(s_frames[i], 0xEE, 4096);
			return s_base + i * 4096;
		}
	}
	return 0;
}

static void free_frame(void *context, paddr_t frame)
{
	(void)context;
	size_t i = (frame - s_base) / 4096;
	CHECK(i < FRAMES && s_used[i]);
	s_used[i] = false;
	s_free++;
}

static void *to_virt(void *context, paddr_t frame)
{
	(void)context;
	CHECK(frame >= s_base && frame < s_base + sizeof s_frames);
	return s_frames[(frame - s_base) / 4096];
}

static const page_table_ops_t s_ops = { alloc_frame, free_frame, to_virt, PTE_LARGEST_LEAF_LEVEL };

static void start(page_table_t *pt, size_t frames)
{
	memset(s_used, 0, sizeof s_used);
	s_free = frames;
	CHECK(page_table_init(pt, &s_ops, NULL) == AX_OK);
	CHECK(page_table_root(pt) != 0);
}

static void end(page_table_t *pt, size_t frames)
{
	page_table_destroy(pt);
	CHECK_EQ(s_free, frames);
}

static size_t page_bytes_at(const page_table_t *pt, vaddr_t vaddr)
{
	size_t bytes;
	return page_table_query(pt, vaddr, NULL, NULL, &bytes) == AX_OK ? bytes : 0;
}

TEST(mapped_page_is_found_with_its_address_and_flags)
{
	page_table_t pt;
	paddr_t paddr;
	page_flags_t flags;
	size_t bytes;
	start(&pt, 10);
	CHECK(page_table_map(&pt, 0x7000, 0x12345000, 4096, PAGE_READ | PAGE_EXECUTE | PAGE_USER) == AX_OK);
	CHECK(page_table_query(&pt, 0x7123, &paddr, &flags, &bytes) == AX_OK);
	CHECK_EQ(paddr, 0x12345123);
	CHECK_EQ(flags, PAGE_READ | PAGE_EXECUTE | PAGE_USER);
	CHECK_EQ(bytes, 4096);
	CHECK(page_table_query(&pt, 0x6fff, &paddr, &flags, &bytes) == AX_ERR_NOT_FOUND);
	CHECK(page_table_query(&pt, 0x8000, &paddr, &flags, &bytes) == AX_ERR_NOT_FOUND);
	end(&pt, 10);
}

TEST(range_is_mapped_by_the_largest_pages_that_fit)
{
	page_table_t pt;
	paddr_t paddr;
	start(&pt, 20);
	vaddr_t vaddr = GIB - 2 * MIB - 4096;
	CHECK(page_table_map(&pt, vaddr, vaddr + 4 * GIB, 4096 + 2 * MIB + GIB + 2 * MIB + 4096, RW) == AX_OK);
	CHECK_EQ(page_bytes_at(&pt, vaddr), 4096);
	CHECK_EQ(page_bytes_at(&pt, GIB - 2 * MIB), 2 * MIB);
	CHECK_EQ(page_bytes_at(&pt, GIB), GIB);
	CHECK_EQ(page_bytes_at(&pt, 2 * GIB), 2 * MIB);
	CHECK_EQ(page_bytes_at(&pt, 2 * GIB + 2 * MIB), 4096);
	CHECK_EQ(page_bytes_at(&pt, 2 * GIB + 2 * MIB + 4096), 0);
	CHECK(page_table_query(&pt, GIB + 77777777, &paddr, NULL, NULL) == AX_OK);
	CHECK_EQ(paddr, 5 * GIB + 77777777);
	end(&pt, 20);
}

TEST(large_pages_need_aligned_memory_and_a_cpu_that_has_them)
{
	page_table_t pt;
	start(&pt, 20);
	CHECK(page_table_map(&pt, 2 * MIB, 2 * MIB + 4096, 2 * MIB, RW) == AX_OK);
	CHECK_EQ(page_bytes_at(&pt, 2 * MIB), 4096);
	page_table_ops_t small = s_ops;
	small.largest_leaf_level = 1;
	pt.ops = &small;
	CHECK(page_table_map(&pt, 4 * GIB, 4 * GIB, GIB, RW) == AX_OK);
	CHECK_EQ(page_bytes_at(&pt, 4 * GIB), 2 * MIB);
	end(&pt, 20);
}

TEST(mapping_over_a_mapped_page_changes_nothing)
{
	page_table_t pt;
	start(&pt, 20);
	CHECK(page_table_map(&pt, 0x9000, 0x9000, 4096, RW) == AX_OK);
	CHECK(page_table_map(&pt, 0x5000, 0x5000, 8 * 4096, RW) == AX_ERR_ALREADY_EXISTS);
	CHECK_EQ(page_bytes_at(&pt, 0x5000), 0);
	CHECK(page_table_map(&pt, 0, 0, 2 * MIB, RW) == AX_ERR_ALREADY_EXISTS);
	CHECK(page_table_map(&pt, 2 * MIB, 0, 2 * MIB, RW) == AX_OK);
	CHECK(page_table_map(&pt, 3 * MIB, 0, 4096, RW) == AX_ERR_ALREADY_EXISTS);
	end(&pt, 20);
}

TEST(running_out_of_frames_maps_nothing)
{
	for (size_t frames = 1; frames < 7; frames++) {
		page_table_t pt;
		start(&pt, frames);
		/* needs the root, two tables below it, and tables of single pages at both ends */
		ax_err_t error = page_table_map(&pt, 4096, 4096, 8 * MIB, RW);
		CHECK(error == (frames < 5 ? AX_ERR_NO_MEMORY : AX_OK));
		for (vaddr_t vaddr = 0; vaddr < 16 * MIB; vaddr += 4096)
			CHECK_EQ(page_bytes_at(&pt, vaddr) != 0, frames >= 5 && vaddr >= 4096 && vaddr < 8 * MIB + 4096);
		end(&pt, frames);
	}
	s_free = 0;
	page_table_t pt;
	CHECK(page_table_init(&pt, &s_ops, NULL) == AX_ERR_NO_MEMORY);
}

TEST(protecting_a_part_splits_a_large_page_and_keeps_the_rest)
{
	page_table_t pt;
	paddr_t paddr;
	page_flags_t flags;
	start(&pt, 20);
	CHECK(page_table_map(&pt, GIB, 0, GIB, RW | PAGE_UNCACHED) == AX_OK);
	CHECK(page_table_protect(&pt, GIB + 3 * MIB, 4096, PAGE_NONE) == AX_OK);
	CHECK(page_table_query(&pt, GIB + 3 * MIB, &paddr, &flags, NULL) == AX_OK);
	CHECK_EQ(paddr, 3 * MIB);
	CHECK_EQ(flags, PAGE_NONE);
	CHECK(page_table_query(&pt, GIB + 3 * MIB + 4096, &paddr, &flags, NULL) == AX_OK);
	CHECK_EQ(paddr, 3 * MIB + 4096);
	CHECK_EQ(flags, RW | PAGE_UNCACHED);
	CHECK_EQ(page_bytes_at(&pt, GIB), 2 * MIB);
	CHECK_EQ(page_bytes_at(&pt, GIB + 2 * MIB), 4096);
	CHECK_EQ(page_bytes_at(&pt, GIB + 4 * MIB), 2 * MIB);
	CHECK(page_table_protect(&pt, GIB + 3 * MIB, 4096, PAGE_READ) == AX_OK);
	CHECK(page_table_query(&pt, GIB + 3 * MIB, &paddr, &flags, NULL) == AX_OK);
	CHECK_EQ(paddr, 3 * MIB);
	CHECK_EQ(flags, PAGE_READ);
	end(&pt, 20);
}

TEST(running_out_of_frames_in_a_split_changes_no_right)
{
	page_table_t pt;
	page_flags_t flags;
	start(&pt, 3); /* the root, one below, and one to split with: two would be needed */
	CHECK(page_table_map(&pt, GIB, 0, GIB, RW) == AX_OK);
	CHECK(page_table_protect(&pt, GIB + 3 * MIB, 4096, PAGE_READ) == AX_ERR_NO_MEMORY);
	CHECK(page_table_unmap(&pt, GIB + 3 * MIB, 4096) == AX_ERR_NO_MEMORY);
	for (vaddr_t vaddr = GIB; vaddr < GIB + 6 * MIB; vaddr += 4096) {
		CHECK(page_table_query(&pt, vaddr, NULL, &flags, NULL) == AX_OK);
		CHECK_EQ(flags, RW);
	}
	end(&pt, 3);
}

TEST(unmap_skips_holes_and_trim_frees_what_it_emptied)
{
	page_table_t pt;
	start(&pt, 20);
	size_t empty = s_free;
	CHECK(page_table_map(&pt, 0x1000, 0x1000, 4096, RW) == AX_OK);
	CHECK(page_table_map(&pt, 3 * GIB, 0, 4096, RW) == AX_OK);
	CHECK(page_table_unmap(&pt, 0, 8 * GIB) == AX_OK);
	CHECK_EQ(page_bytes_at(&pt, 0x1000), 0);
	CHECK_EQ(page_bytes_at(&pt, 3 * GIB), 0);
	CHECK(page_table_map(&pt, 3 * GIB, 0, 4096, RW) == AX_OK);
	page_table_trim(&pt);
	CHECK_EQ(s_free, empty - 3);
	CHECK_EQ(page_bytes_at(&pt, 3 * GIB), 4096);
	end(&pt, 20);
}

TEST(bad_ranges_are_refused)
{
	page_table_t pt;
	start(&pt, 20);
	CHECK(page_table_map(&pt, 1, 0, 4096, RW) == AX_ERR_INVALID_INPUT);
	CHECK(page_table_map(&pt, 0, 1, 4096, RW) == AX_ERR_INVALID_INPUT);
	CHECK(page_table_map(&pt, 0, 0, 0, RW) == AX_ERR_INVALID_INPUT);
	CHECK(page_table_map(&pt, 0, 0, 100, RW) == AX_ERR_INVALID_INPUT);
	CHECK(page_table_map(&pt, UINT64_C(0x800000000000), 0, 4096, RW) == AX_ERR_INVALID_INPUT);
	CHECK(page_table_unmap(&pt, UINT64_C(0x7ffffffff000), 8192) == AX_ERR_INVALID_INPUT);
	CHECK(page_table_protect(&pt, UINT64_MAX - 4095, 8192, RW) == AX_ERR_INVALID_INPUT);
	CHECK(page_table_unmap(&pt, 0, SIZE_MAX - 4095) == AX_ERR_INVALID_INPUT);
	CHECK(page_table_query(&pt, UINT64_C(0x800000000000), NULL, NULL, NULL) == AX_ERR_NOT_FOUND);
	end(&pt, 20);
}

TEST(last_pages_of_both_halves_work)
{
	page_table_t pt;
	start(&pt, 20);
	CHECK(page_table_map(&pt, UINT64_MAX - 2 * MIB + 1, 0, 2 * MIB, RW) == AX_OK);
	CHECK(page_table_map(&pt, UINT64_C(0x800000000000) - GIB, 0, GIB, RW) == AX_OK);
	CHECK(page_table_unmap(&pt, UINT64_MAX - 4095, 4096) == AX_OK);
	CHECK(page_table_protect(&pt, UINT64_C(0x7ffffffff000), 4096, PAGE_READ) == AX_OK);
	CHECK_EQ(page_bytes_at(&pt, UINT64_MAX), 0);
	CHECK_EQ(page_bytes_at(&pt, UINT64_MAX - 4096), 4096);
	end(&pt, 20);
}

enum { MODEL_PAGES = 4 * 512 };

typedef struct model_page {
	bool mapped;
	paddr_t paddr;
	page_flags_t flags;
} model_page_t;

static model_page_t s_model[MODEL_PAGES];

static void check_model(const page_table_t *pt, vaddr_t start_vaddr)
{
	for (size_t i = 0; i < MODEL_PAGES; i++) {
		paddr_t paddr;
		page_flags_t flags;
		ax_err_t error = page_table_query(pt, start_vaddr + i * 4096, &paddr, &flags, NULL);
		CHECK(error == (s_model[i].mapped ? AX_OK : AX_ERR_NOT_FOUND));
		if (error == AX_OK) {
			CHECK_EQ(paddr, s_model[i].paddr);
			CHECK_EQ(flags, s_model[i].flags);
		}
	}
}

TEST(random_traces_match_a_model_of_single_pages)
{
	static const page_flags_t kinds[] = { PAGE_READ, PAGE_READ | PAGE_WRITE, PAGE_READ | PAGE_EXECUTE, PAGE_NONE };
	page_table_t pt;
	vaddr_t base = UINT64_C(0xffffffff80000000) - 4 * MIB; /* across a 1 GiB boundary */
	start(&pt, 12);
	srand(21);
	for (int step = 0; step < 1500; step++) {
		bool large = rand() % 2;
		size_t first = (size_t)rand() % MODEL_PAGES, count = 1 + (size_t)rand() % (MODEL_PAGES - first);
		if (large)
			first &= ~511ul, count = AX_MIN((count + 511) & ~511ul, MODEL_PAGES - first);
		paddr_t paddr = (paddr_t)(rand() % 1024) * 2 * MIB + first * 4096;
		page_flags_t flags = kinds[rand() % 4];
		bool overlaps = false;
		for (size_t i = first; i < first + count; i++)
			overlaps = overlaps || s_model[i].mapped;
		int what = rand() % 3;
		ax_err_t error = what == 0 ? page_table_map(&pt, base + first * 4096, paddr, count * 4096, flags)
			       : what == 1 ? page_table_unmap(&pt, base + first * 4096, count * 4096)
					   : page_table_protect(&pt, base + first * 4096, count * 4096, flags);
		CHECK(error == AX_OK || error == AX_ERR_NO_MEMORY || (what == 0 && overlaps));
		for (size_t i = first; i < first + count && error == AX_OK; i++) {
			if (what == 0)
				s_model[i] = (model_page_t){ true, paddr + (i - first) * 4096, flags };
			else if (what == 1)
				s_model[i].mapped = false;
			else
				s_model[i].flags = flags;
		}
		if (rand() % 8 == 0)
			page_table_trim(&pt);
		check_model(&pt, base);
	}
	end(&pt, 12);
}
