/* SPDX-License-Identifier: Apache-2.0 */
/* The component's functions, linked as memstr_NAME, against libc's or byte-by-byte truth. */
#include "checks.h"
#include "names.h"

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

TEST(memmove_is_right_at_all_sizes_misalignments_and_overlaps)
{
	check_move(memstr_memmove);
}

TEST(memcpy_is_right_at_all_sizes_misalignments_and_overlaps)
{
	check_move(memstr_memcpy);
}

TEST(memset_touches_its_bytes_alone)
{
	check_set(memstr_memset);
}

TEST(no_function_reads_beyond_its_bytes)
{
	for (size_t bytes = 1; bytes < 80; bytes++) {
		char *exact = malloc(bytes), *other = malloc(bytes); /* the address sanitizer watches their ends */
		memstr_memset(exact, 'a', bytes);
		memstr_memcpy(other, exact, bytes);
		CHECK_EQ(memstr_memcmp(exact, other, bytes), 0);
		CHECK(memstr_memchr(exact, 'b', bytes) == NULL);
		CHECK_EQ(memstr_strnlen(exact, bytes), bytes);
		CHECK_EQ(memstr_strncmp(exact, other, bytes), 0);
		free(exact);
		free(other);
	}
}

TEST(memcmp_orders_by_the_first_different_byte_unsigned)
{
	unsigned char a[64] = {}, b[64] = {};
	for (size_t i = 0; i < 64; i++) {
		a[i] = 0xFF;
		b[i] = 0x01;
		CHECK(memstr_memcmp(a, b, 64) > 0);
		CHECK(memstr_memcmp(b, a, 64) < 0);
		CHECK_EQ(memstr_memcmp(a, b, i), 0);
		a[i] = b[i] = 0;
	}
}

TEST(memchr_finds_the_first)
{
	const char text[] = "abcabc";
	CHECK(memstr_memchr(text, 'c', 6) == text + 2);
	CHECK(memstr_memchr(text, 'c', 2) == NULL);
	CHECK(memstr_memchr(text, 0, sizeof text) == text + 6);
	CHECK(memstr_memchr(text, 'a' + 256, 6) == text);
}

TEST(string_lengths_stop_at_the_terminator_or_the_bound)
{
	CHECK_EQ(memstr_strlen(""), 0);
	CHECK_EQ(memstr_strlen("seven77"), 7);
	CHECK_EQ(memstr_strnlen("seven77", 3), 3);
	CHECK_EQ(memstr_strnlen("seven77", 100), 7);
	CHECK_EQ(memstr_strnlen("x", 0), 0);
}

TEST(string_comparison_agrees_with_libc)
{
	const char *const texts[] = { "", "a", "ab", "abc", "abd", "\xff", "a\xff", "\x7f", "b" };
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(texts); j++) {
			CHECK_EQ(sign(memstr_strcmp(texts[i], texts[j])), sign(strcmp(texts[i], texts[j])));
			for (size_t n = 0; n < 5; n++)
				CHECK_EQ(sign(memstr_strncmp(texts[i], texts[j], n)),
					 sign(strncmp(texts[i], texts[j], n)));
		}
	}
}

TEST(strchr_finds_the_first_and_strrchr_the_last)
{
	const char *text = "/bin/sh";
	CHECK(memstr_strchr(text, '/') == text);
	CHECK(memstr_strrchr(text, '/') == text + 4);
	CHECK(memstr_strchr(text, 'z') == NULL);
	CHECK(memstr_strrchr(text, 'z') == NULL);
	CHECK(memstr_strchr(text, 0) == text + 7);
	CHECK(memstr_strrchr(text, 0) == text + 7);
}
