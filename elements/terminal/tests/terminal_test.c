/* SPDX-License-Identifier: Apache-2.0 */
/* What a person at the terminal types, sees, and the program reads. */
#include <axtest.h>
#include <terminal/terminal.h>

static char s_echoed[4096];

static void echo(const char *bytes, size_t length)
{
	strncat(s_echoed, bytes, length);
}

static terminal_t fresh(void)
{
	s_echoed[0] = 0;
	return (terminal_t){ .termios = terminal_default };
}

static void type(terminal_t *terminal, const char *keys)
{
	while (*keys)
		terminal_input(terminal, *keys++, echo);
}

static const char *take(terminal_t *terminal, size_t length)
{
	static char text[2048];
	text[terminal_take(terminal, text, length)] = 0;
	return text;
}

TEST(terminal_gives_a_line_when_it_is_ended_and_echoes_every_key)
{
	terminal_t terminal = fresh();
	type(&terminal, "hello");
	CHECK(!terminal.ready);
	CHECK_STR(take(&terminal, 100), "");
	type(&terminal, "\r");
	CHECK(terminal.ready);
	CHECK_STR(take(&terminal, 100), "hello\n");
	CHECK_STR(s_echoed, "hello\n");
	CHECK(!terminal.ready);
}

TEST(terminal_gives_a_line_in_pieces_to_a_short_reader)
{
	terminal_t terminal = fresh();
	type(&terminal, "abcd\n");
	CHECK_STR(take(&terminal, 3), "abc");
	CHECK(terminal.ready);
	CHECK_STR(take(&terminal, 3), "d\n");
	CHECK(!terminal.ready);
}

TEST(terminal_backspace_erases_on_screen_and_in_the_line_but_not_beyond_its_start)
{
	terminal_t terminal = fresh();
	type(&terminal, "ab\x7f\x7f\x7f" "c\n");
	CHECK_STR(take(&terminal, 100), "c\n");
	CHECK_STR(s_echoed, "ab\b \b\b \bc\n");
}

TEST(terminal_backspace_erases_a_whole_utf8_character)
{
	terminal_t terminal = fresh();
	type(&terminal, "x\xc3\xa9\x7f\n");
	CHECK_STR(take(&terminal, 100), "x\n");
}

TEST(terminal_control_u_erases_the_line)
{
	terminal_t terminal = fresh();
	type(&terminal, "wrong\x15right\n");
	CHECK_STR(take(&terminal, 100), "right\n");
}

TEST(terminal_control_d_ends_the_file_on_an_empty_line_and_else_ends_the_line)
{
	terminal_t terminal = fresh();
	type(&terminal, "\x04");
	CHECK(terminal.ready && terminal.end_of_file);
	CHECK_STR(take(&terminal, 100), "");
	CHECK(!terminal.ready && !terminal.end_of_file);
	type(&terminal, "ab\x04");
	CHECK(terminal.ready && !terminal.end_of_file);
	CHECK_STR(take(&terminal, 100), "ab");
}

TEST(terminal_control_c_interrupts_and_forgets_the_line)
{
	terminal_t terminal = fresh();
	type(&terminal, "abc\x03");
	CHECK(terminal.interrupted);
	CHECK(!terminal.ready);
	CHECK_STR(s_echoed, "abc^C");
	terminal.interrupted = false;
	type(&terminal, "d\n");
	CHECK_STR(take(&terminal, 100), "d\n");
}

TEST(terminal_in_raw_mode_gives_each_key_at_once_unechoed)
{
	terminal_t terminal = fresh();
	terminal.termios.c_lflag = 0;
	type(&terminal, "\x03");
	CHECK(terminal.ready && !terminal.interrupted);
	CHECK_STR(take(&terminal, 100), "\x03");
	CHECK_STR(s_echoed, "");
}

TEST(terminal_with_a_full_line_rings_and_still_takes_its_end)
{
	terminal_t terminal = fresh();
	for (int i = 0; i < TERMINAL_LINE_BYTES + 10; i++)
		terminal_input(&terminal, 'x', echo);
	CHECK(strchr(s_echoed, '\a') != NULL);
	type(&terminal, "\n");
	CHECK_EQ(strlen(take(&terminal, 2000)), TERMINAL_LINE_BYTES);
}
