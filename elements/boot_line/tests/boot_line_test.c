/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <boot_line/boot_line.h>

static char s_argv0[] = "app";
static boot_line_t s_result;
static char *s_line;
static char **s_pointers;

/* Exactly as much memory as promised: the address sanitizer watches the rest. */
static void split(const char *text)
{
	free(s_line);
	free(s_pointers);
	s_line = strdup(text);
	s_pointers = malloc(boot_line_capacity(text) * sizeof(char *));
	boot_line_split(s_line, s_argv0, s_pointers, &s_result);
}

TEST(boot_line_empty_has_only_the_application_name)
{
	split("");
	CHECK_EQ(s_result.argc, 1);
	CHECK_STR(s_result.argv[0], "app");
	CHECK(!s_result.argv[1]);
	CHECK(!s_result.envp[0]);
}

TEST(boot_line_splits_environment_and_arguments)
{
	split("A=1 LOG=debug -- one two");
	CHECK_STR(s_result.envp[0], "A=1");
	CHECK_STR(s_result.envp[1], "LOG=debug");
	CHECK(!s_result.envp[2]);
	CHECK_EQ(s_result.argc, 3);
	CHECK_STR(s_result.argv[1], "one");
	CHECK_STR(s_result.argv[2], "two");
	CHECK(!s_result.argv[3]);
}

TEST(boot_line_quotes_keep_spaces_and_may_stand_inside_a_word)
{
	split("B=\"a b\" -- \"arg 2\" x\"y z\"w \"\"");
	CHECK_STR(s_result.envp[0], "B=a b");
	CHECK_EQ(s_result.argc, 4);
	CHECK_STR(s_result.argv[1], "arg 2");
	CHECK_STR(s_result.argv[2], "xy zw");
	CHECK_STR(s_result.argv[3], "");
}

TEST(boot_line_backslash_keeps_the_next_character)
{
	split("-- a\\ b \"c\\\"d\" \\\\ \\\"e");
	CHECK_EQ(s_result.argc, 5);
	CHECK_STR(s_result.argv[1], "a b");
	CHECK_STR(s_result.argv[2], "c\"d");
	CHECK_STR(s_result.argv[3], "\\");
	CHECK_STR(s_result.argv[4], "\"e");
}

TEST(boot_line_drops_words_without_a_name_before_the_separator)
{
	split("quiet =x K=V --flag -- =y z");
	CHECK_STR(s_result.envp[0], "K=V");
	CHECK(!s_result.envp[1]);
	CHECK_EQ(s_result.argc, 3);
	CHECK_STR(s_result.argv[1], "=y");
}

TEST(boot_line_second_separator_is_an_argument)
{
	split("-- a -- b=c");
	CHECK_EQ(s_result.argc, 4);
	CHECK_STR(s_result.argv[2], "--");
	CHECK_STR(s_result.argv[3], "b=c");
	CHECK(!s_result.envp[0]);
}

TEST(boot_line_takes_any_white_space_and_loose_ends)
{
	split("  A=1\t\tB=2\n-- \r x  ");
	CHECK_STR(s_result.envp[1], "B=2");
	CHECK_EQ(s_result.argc, 2);
	split("-- \"open");
	CHECK_STR(s_result.argv[1], "open");
	split("-- end\\");
	CHECK_STR(s_result.argv[1], "end\\");
}
