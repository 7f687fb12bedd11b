/* SPDX-License-Identifier: Apache-2.0 */
/* What the reader gives back, and what it refuses. Archives are put together here, then spoilt. */
#include <axtest.h>
#include <cpio/cpio.h>

static char s_archive[2048];
static size_t s_bytes;

static void pad(void)
{
	while (s_bytes % 4)
		s_archive[s_bytes++] = 0;
}

static void append(const char *name, unsigned mode, const char *data)
{
	s_bytes += (size_t)sprintf(s_archive + s_bytes, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", 7u,
				   mode, 0u, 0u, 1u, 99u, strlen(data), 0u, 0u, 0u, 0u, strlen(name) + 1, 0u);
	strcpy(s_archive + s_bytes, name);
	s_bytes += strlen(name) + 1;
	pad();
	memcpy(s_archive + s_bytes, data, strlen(data));
	s_bytes += strlen(data);
	pad();
}

static void two_files(void)
{
	s_bytes = 0;
	memset(s_archive, 0, sizeof s_archive);
	append("dir", 0040755, "");
	append("dir/hello.txt", 0100644, "Hello!");
	append("./empty", 0100600, "");
	append("TRAILER!!!", 0, "");
}

/* Runs the reader over an exact-size copy, so that the address sanitizer sees any step beyond it. */
static ax_err_t walk(const char *archive, size_t bytes, size_t *entries)
{
	char *copy = malloc(bytes ? bytes : 1);
	memcpy(copy, archive, bytes);
	cpio_reader_t reader = cpio_open(copy, bytes);
	cpio_entry_t entry;
	ax_err_t error;
	*entries = 0;
	while ((error = cpio_next(&reader, &entry)) == AX_OK) {
		CHECK(strlen(entry.name) == entry.name_bytes);
		CHECK((const char *)entry.data + entry.size_bytes <= copy + bytes);
		++*entries;
	}
	free(copy);
	return error;
}

TEST(cpio_next_gives_every_entry_and_then_the_end)
{
	two_files();
	cpio_reader_t reader = cpio_open(s_archive, s_bytes);
	cpio_entry_t entry;
	CHECK(cpio_next(&reader, &entry) == AX_OK);
	CHECK_STR(entry.name, "dir");
	CHECK_EQ(entry.mode, 0040755);
	CHECK(cpio_next(&reader, &entry) == AX_OK);
	CHECK_STR(entry.name, "dir/hello.txt");
	CHECK_EQ(entry.size_bytes, 6);
	CHECK(memcmp(entry.data, "Hello!", 6) == 0);
	CHECK_EQ(entry.mtime, 99);
	CHECK(cpio_next(&reader, &entry) == AX_OK);
	CHECK_EQ(entry.size_bytes, 0);
	CHECK(cpio_next(&reader, &entry) == AX_ERR_NOT_FOUND);
	CHECK(cpio_next(&reader, &entry) == AX_ERR_NOT_FOUND);
}

TEST(cpio_find_disregards_a_leading_dot_slash)
{
	two_files();
	cpio_entry_t entry;
	CHECK(cpio_find(s_archive, s_bytes, "empty", 5, &entry) == AX_OK);
	CHECK(cpio_find(s_archive, s_bytes, "dir/hello.txt", 13, &entry) == AX_OK);
	CHECK(cpio_find(s_archive, s_bytes, "dir/hello", 9, &entry) == AX_ERR_NOT_FOUND);
	CHECK(cpio_find(s_archive, s_bytes, "", 0, &entry) == AX_ERR_NOT_FOUND);
}

TEST(cpio_find_takes_the_last_of_several_entries_of_one_name)
{
	s_bytes = 0;
	append("a", 0100644, "old");
	append("a", 0100644, "newer");
	append("TRAILER!!!", 0, "");
	cpio_entry_t entry;
	CHECK(cpio_find(s_archive, s_bytes, "a", 1, &entry) == AX_OK);
	CHECK_EQ(entry.size_bytes, 5);
}

TEST(cpio_of_no_bytes_or_only_padding_is_empty)
{
	size_t entries;
	const char zeroes[256] = { 0 };
	CHECK(walk("", 0, &entries) == AX_ERR_NOT_FOUND);
	CHECK(walk(zeroes, 3, &entries) == AX_ERR_NOT_FOUND);
	CHECK(walk(zeroes, sizeof zeroes, &entries) == AX_ERR_NOT_FOUND);
	CHECK_EQ(entries, 0);
}

TEST(cpio_with_zeroes_before_it_is_read_all_the_same)
{
	static char shifted[sizeof s_archive + 8];
	size_t entries;
	two_files();
	for (size_t zeroes = 1; zeroes <= 8; zeroes++) {
		memset(shifted, 0, sizeof shifted);
		memcpy(shifted + zeroes, s_archive, s_bytes);
		CHECK(walk(shifted, s_bytes + zeroes, &entries) == AX_ERR_NOT_FOUND);
		CHECK_EQ(entries, 3);
	}
}

TEST(cpio_cut_short_anywhere_is_refused_or_ends_and_never_read_beyond)
{
	two_files();
	for (size_t bytes = 0; bytes < s_bytes; bytes++) {
		size_t entries;
		const ax_err_t error = walk(s_archive, bytes, &entries);
		CHECK(error == AX_ERR_INVALID_INPUT || error == AX_ERR_NOT_FOUND);
	}
}

TEST(cpio_with_a_size_or_name_longer_than_the_archive_is_refused)
{
	size_t entries;
	const size_t file_size_field = 6 + 6 * 8, name_size_field = 6 + 11 * 8;
	two_files();
	memcpy(s_archive + file_size_field, "FFFFFFFF", 8);
	CHECK(walk(s_archive, s_bytes, &entries) == AX_ERR_INVALID_INPUT);
	two_files();
	memcpy(s_archive + name_size_field, "FFFFFFFF", 8);
	CHECK(walk(s_archive, s_bytes, &entries) == AX_ERR_INVALID_INPUT);
	two_files();
	memcpy(s_archive + name_size_field, "00000000", 8);
	CHECK(walk(s_archive, s_bytes, &entries) == AX_ERR_INVALID_INPUT);
}

TEST(cpio_with_a_name_that_is_not_terminated_where_it_says_is_refused)
{
	size_t entries;
	two_files();
	s_archive[110 + 3] = 'x'; /* the NUL of "dir" */
	CHECK(walk(s_archive, s_bytes, &entries) == AX_ERR_INVALID_INPUT);
	two_files();
	s_archive[110 + 1] = 0; /* a NUL inside it */
	CHECK(walk(s_archive, s_bytes, &entries) == AX_ERR_INVALID_INPUT);
}

TEST(cpio_with_any_single_byte_changed_is_never_read_beyond)
{
	two_files();
	for (size_t i = 0; i < s_bytes; i++) {
		const char was = s_archive[i];
		for (int change = 1; change < 256; change <<= 1) {
			size_t entries;
			s_archive[i] = (char)(was ^ change);
			const ax_err_t error = walk(s_archive, s_bytes, &entries);
			CHECK(error == AX_ERR_INVALID_INPUT || error == AX_ERR_NOT_FOUND);
		}
		s_archive[i] = was;
	}
}

TEST(cpio_of_another_format_is_refused)
{
	size_t entries;
	two_files();
	memcpy(s_archive, "070707", 6); /* the old portable format */
	CHECK(walk(s_archive, s_bytes, &entries) == AX_ERR_INVALID_INPUT);
}
