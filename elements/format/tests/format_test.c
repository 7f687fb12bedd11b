/* SPDX-License-Identifier: Apache-2.0 */
/* The formatter against libc's snprintf, on tables and on random conversions. */
#include <axtest.h>
#include <format/format.h>
#include <limits.h>

/* The comparisons build formats that the compiler would refuse or cannot see. */
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

#define CHECK_SAME(...)                                                                            \
	do {                                                                                       \
		char ours[512], truth[512];                                                        \
		int our_length = format_snprintf(ours, sizeof ours, __VA_ARGS__);                  \
		CHECK_EQ(our_length, snprintf(truth, sizeof truth, __VA_ARGS__));                  \
		CHECK_STR(ours, truth);                                                            \
	} while (0)

static const char *const s_flags[] = { "", "-", "+", " ", "0", "#", "-0", "+0", "#0", " -", "+-#", "0 #" };
static const char *const s_sizes[] = { "", "1", "5", "30", ".0", ".", ".1", ".7", "12.4", "4.12", "40.25" };
static const long s_values[] = { 0, 1, -1, 7, 8, 255, 256, -128, 65535, INT_MAX, INT_MIN, LONG_MAX, LONG_MIN };

TEST(integers_print_as_libc_prints_them)
{
	static const char *const conversions[] = { "hhd", "hd", "d", "ld", "lld", "jd", "zd", "ti", "hhu", "hu", "u", "lu",
						   "hhx", "x", "lX", "llx", "o", "lo", "X", "zx", "hho" };
	for (size_t c = 0; c < sizeof conversions / sizeof *conversions; c++) {
		for (size_t f = 0; f < sizeof s_flags / sizeof *s_flags; f++) {
			for (size_t s = 0; s < sizeof s_sizes / sizeof *s_sizes; s++) {
				char format[64];
				snprintf(format, sizeof format, "<%%%s%s%s>", s_flags[f], s_sizes[s], conversions[c]);
				for (size_t v = 0; v < sizeof s_values / sizeof *s_values; v++)
					CHECK_SAME(format, s_values[v]);
			}
		}
	}
}

TEST(strings_and_characters_print_as_libc_prints_them)
{
	static const char *const texts[] = { "", "a", "hello, world" };
	static const char *const left[] = { "", "-" };
	for (size_t t = 0; t < 3; t++) {
		for (size_t s = 0; s < sizeof s_sizes / sizeof *s_sizes; s++) {
			for (size_t f = 0; f < 2; f++) {
				char format[64];
				snprintf(format, sizeof format, "<%%%s%ss>", left[f], s_sizes[s]);
				CHECK_SAME(format, texts[t]);
			}
		}
	}
	CHECK_SAME("%c%5c%-5c|", 'a', 'b', 'c');
	CHECK_SAME("100%% %s%%", "sure");
}

TEST(random_conversions_print_as_libc_prints_them)
{
	srand(1);
	for (int i = 0; i < 20000; i++) {
		char format[64];
		int width = rand() % 40 - 20, precision = rand() % 30 - 5;
		unsigned long value = ((unsigned long)rand() << 33 ^ (unsigned long)rand()) >> (rand() % 64);
		snprintf(format, sizeof format, "a%%%s*.*l%cz%%-*d", s_flags[rand() % 12], "duxXoi"[rand() % 6]);
		CHECK_SAME(format, width, precision, value, width, i * 7919);
	}
}

TEST(pointers_print_with_0x_even_null)
{
	char text[32];
	CHECK_EQ(format_snprintf(text, sizeof text, "%p", (void *)0x1234abcd), 10);
	CHECK_STR(text, "0x1234abcd");
	format_snprintf(text, sizeof text, "%p", NULL);
	CHECK_STR(text, "0x0");
	format_snprintf(text, sizeof text, "%12p|%-12p|", (void *)0x1f, (void *)0x1f);
	CHECK_STR(text, "        0x1f|0x1f        |");
}

TEST(null_string_prints_null)
{
	char text[32];
	const char *volatile nothing = NULL;
	format_snprintf(text, sizeof text, "%s", nothing);
	CHECK_STR(text, "(null)");
}

TEST(string_with_precision_needs_no_terminator)
{
	char *raw = malloc(3); /* the address sanitizer watches its end */
	memcpy(raw, "abc", 3);
	char text[8];
	CHECK_EQ(format_snprintf(text, sizeof text, "%.3s", raw), 3);
	CHECK_STR(text, "abc");
	free(raw);
}

TEST(what_is_no_conversion_is_copied)
{
	char text[32];
	format_snprintf(text, sizeof text, "%y %-5q|%");
	CHECK_STR(text, "%y %-5q|%");
}

TEST(text_is_cut_at_the_capacity_and_its_whole_length_returned)
{
	char text[8] = "zzzzzzz";
	CHECK_EQ(format_snprintf(text, 4, "%s", "abcdef"), 6);
	CHECK_STR(text, "abc");
	CHECK_EQ(text[4], 'z');
	CHECK_EQ(format_snprintf(text, 1, "%d", 12345), 5);
	CHECK_STR(text, "");
	CHECK_EQ(format_snprintf(NULL, 0, "%d%30s", 12345, ""), 35);
}

static void count_calls(void *context, const char *text, size_t length)
{
	(void)text;
	size_t *calls = context;
	*calls += length > 0;
}

TEST(sink_gets_plain_text_in_one_piece_and_the_length_is_the_sum)
{
	size_t calls = 0;
	CHECK_EQ(format_to(count_calls, &calls, "one piece of text"), 17);
	CHECK_EQ(calls, 1);
	CHECK_EQ(format_to(count_calls, &calls, "%d and %s", 42, "text"), 11);
}
