/* SPDX-License-Identifier: Apache-2.0 */
/* Contents: what was written is read, at any offset; holes read as zeroes and cost nothing; space runs out cleanly. */
#include "host.h"

enum { PAGE = VFS_PAGE_BYTES };

static uint64_t used_pages(vfs_t *fs)
{
	vfs_statfs_t stat;
	CHECK(ramfs_statfs(fs, &stat) == AX_OK);
	return stat.blocks - stat.free_blocks;
}

static ax_err_t put(vfs_node_t *file, const void *data, size_t bytes, uint64_t offset)
{
	size_t done;
	ax_err_t error = ramfs_write(file, data, bytes, offset, &done);
	CHECK(error != AX_OK || done == bytes);
	return error;
}

static size_t get(vfs_node_t *file, void *buffer, size_t bytes, uint64_t offset)
{
	size_t done;
	CHECK(ramfs_read(file, buffer, bytes, offset, &done) == AX_OK);
	return done;
}

TEST(what_was_written_is_read)
{
	vfs_t *fs = mounted(0);
	vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644);
	char text[16] = "";
	CHECK(put(file, "hello", 5, 0) == AX_OK);
	CHECK_EQ(file->size, 5);
	CHECK(put(file, "p!", 2, 3) == AX_OK);
	CHECK_EQ(get(file, text, sizeof text, 0), 5);
	CHECK_STR(text, "help!");
	CHECK_EQ(get(file, text, 1, 5), 0);
	CHECK_EQ(get(file, text, 1, UINT64_MAX), 0);
	vfs_node_put(file);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(random_writes_reads_and_cuts_agree_with_an_array)
{
	enum { MAX = 40 * PAGE, STEPS = 4000 };
	static unsigned char model[MAX], data[MAX], back[MAX];
	vfs_t *fs = mounted(0);
	vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644);
	size_t size = 0;
	srand(1);
	for (int i = 0; i < STEPS; i++) {
		size_t offset = (size_t)rand() % MAX, bytes = (size_t)rand() % (MAX - offset);
		if (rand() % 2)
			bytes %= 100;
		switch (rand() % 4) {
		case 0:
			size = rand() % 8 ? offset : 0;
			CHECK(ramfs_truncate(file, size) == AX_OK);
			memset(model + size, 0, MAX - size);
			break;
		case 1:
			for (size_t k = 0; k < bytes; k++)
				data[k] = (unsigned char)rand();
			CHECK(put(file, data, bytes, offset) == AX_OK);
			memcpy(model + offset, data, bytes);
			if (bytes && offset + bytes > size)
				size = offset + bytes;
			break;
		default:
			CHECK_EQ(get(file, back, bytes, offset), offset >= size ? 0 : size - offset < bytes ? size - offset : bytes);
			if (offset < size)
				CHECK(memcmp(back, model + offset, size - offset < bytes ? size - offset : bytes) == 0);
		}
		CHECK_EQ(file->size, size);
	}
	vfs_node_put(file);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(a_hole_reads_as_zeroes_and_takes_no_page)
{
	static const uint64_t far[] = { 3 * PAGE, 600ull * PAGE, 1ull << 32, 1ull << 45, INT64_MAX - 10 };
	for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
		vfs_t *fs = mounted(1000);
		vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644);
		char text[8];
		uint64_t at;
		CHECK(put(file, "x", 1, 0) == AX_OK);
		CHECK(put(file, "end", 3, far[i]) == AX_OK);
		CHECK_EQ(used_pages(fs), 2);
		CHECK_EQ(get(file, text, sizeof text, far[i] - 5), 8);
		CHECK(memcmp(text, "\0\0\0\0\0end", 8) == 0);
		CHECK(ramfs_seek_data(file, 1, true, &at) == AX_OK);
		CHECK_EQ(at, PAGE);
		CHECK(ramfs_seek_data(file, PAGE, false, &at) == AX_OK);
		CHECK_EQ(at, far[i] / PAGE * PAGE);
		CHECK(ramfs_truncate(file, 1) == AX_OK);
		CHECK_EQ(used_pages(fs), 1);
		vfs_node_put(file);
		CHECK(ramfs_unmount(fs) == AX_OK);
	}
}

TEST(a_file_ends_where_offsets_do)
{
	vfs_t *fs = mounted(0);
	vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644);
	size_t done;
	CHECK(ramfs_write(file, "abc", 3, INT64_MAX, &done) == AX_ERR_FILE_TOO_BIG);
	CHECK(ramfs_write(file, "abc", 3, UINT64_MAX - 1, &done) == AX_ERR_FILE_TOO_BIG);
	CHECK(ramfs_write(file, "abc", 3, INT64_MAX - 1, &done) == AX_OK);
	CHECK_EQ(done, 1);
	CHECK(ramfs_truncate(file, (uint64_t)INT64_MAX + 1) == AX_ERR_FILE_TOO_BIG);
	vfs_node_put(file);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(a_full_file_system_says_so_and_keeps_what_it_has)
{
	static char data[8 * PAGE];
	vfs_t *fs = mounted(4);
	vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644), *other = made(fs->root, "b", VFS_REGULAR | 0644);
	size_t done;
	memset(data, 'x', sizeof data);
	CHECK(put(other, "keep", 4, 0) == AX_OK);
	CHECK(ramfs_write(file, data, sizeof data, 0, &done) == AX_OK);
	CHECK_EQ(done, 3 * PAGE);
	CHECK_EQ(file->size, 3 * PAGE);
	CHECK(ramfs_write(file, data, 1, 3 * PAGE, &done) == AX_ERR_NO_SPACE);
	CHECK_EQ(done, 0);
	CHECK_EQ(get(other, data, 8, 0), 4);
	CHECK(memcmp(data, "keep", 4) == 0);
	CHECK(ramfs_truncate(file, 0) == AX_OK);
	CHECK(ramfs_write(file, data, 1, 0, &done) == AX_OK);
	vfs_node_put(file);
	vfs_node_put(other);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(memory_that_runs_out_at_any_point_leaves_the_file_as_it_was)
{
	static char data[3 * PAGE], back[3 * PAGE];
	memset(data, 'x', sizeof data);
	for (size_t left = 0; left < 12; left++) {
		vfs_t *fs = mounted(0);
		vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644);
		size_t done;
		s_allocations_left = left;
		ax_err_t error = ramfs_write(file, data, sizeof data, 700ull * PAGE, &done);
		s_allocations_left = SIZE_MAX;
		CHECK(error == AX_OK || (error == AX_ERR_NO_SPACE && done == 0 && file->size == 0));
		CHECK(error != AX_OK || (file->size == 700ull * PAGE + done && get(file, back, done, 700ull * PAGE) == done));
		vfs_node_put(file);
		CHECK(ramfs_unmount(fs) == AX_OK);
	}
}

TEST(a_mapped_page_is_the_file_and_outlives_a_cut)
{
	vfs_t *fs = mounted(0);
	vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644);
	void *page;
	char text[8];
	CHECK(put(file, "hello", 5, PAGE) == AX_OK);
	CHECK(ramfs_map_page(file, PAGE, true, &page) == AX_OK);
	CHECK(memcmp(page, "hello", 5) == 0);
	memcpy(page, "jolly", 5);
	CHECK_EQ(get(file, text, 8, PAGE), 5);
	CHECK(memcmp(text, "jolly", 5) == 0);
	CHECK(ramfs_truncate(file, 0) == AX_OK);
	CHECK_EQ(*(char *)page, 0);
	CHECK_EQ(used_pages(fs), 1);
	ramfs_unmap_page(file, PAGE);
	CHECK_EQ(used_pages(fs), 0);
	CHECK(ramfs_map_page(file, 0, true, &page) == AX_ERR_INVALID_INPUT);
	CHECK(ramfs_truncate(file, 2 * PAGE) == AX_OK);
	CHECK(ramfs_map_page(file, 0, false, &page) == AX_OK);
	CHECK(!page); /* a hole */
	ramfs_unmap_page(file, 0);
	vfs_node_put(file);
	CHECK(ramfs_unmount(fs) == AX_OK);
}

TEST(lent_contents_are_read_in_place_and_copied_at_the_first_change)
{
	static char lent[PAGE + 5];
	vfs_t *fs = mounted(0);
	vfs_node_t *file = made(fs->root, "a", VFS_REGULAR | 0644);
	char text[8] = "";
	memcpy(lent + PAGE, "hello", 5);
	ramfs_lend(file, lent, sizeof lent);
	CHECK_EQ(get(file, text, 8, PAGE), 5);
	CHECK_STR(text, "hello");
	CHECK_EQ(used_pages(fs), 0);
	CHECK(put(file, "J", 1, PAGE) == AX_OK);
	CHECK_EQ(used_pages(fs), 2);
	CHECK_EQ(lent[PAGE], 'h');
	CHECK_EQ(get(file, text, 8, PAGE), 5);
	CHECK_STR(text, "Jello");
	vfs_node_put(file);
	CHECK(ramfs_unmount(fs) == AX_OK);
}
