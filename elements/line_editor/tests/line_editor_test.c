/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <line_editor/line_editor.h>
#include <string.h>

/* What a terminal of one line shows after all that was drawn: carriage return, CSI K, CSI n D, and characters. */
static char s_screen[1024];
static size_t s_column;
static bool s_bell;

static void show(void *context, const char *bytes, size_t count)
{
	(void)context;
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] == '\a') {
			s_bell = true;
		} else if (bytes[i] == '\r') {
			s_column = 0;
		} else if (bytes[i] == '\n') {
			memset(s_screen, 0, sizeof s_screen);
			s_column = 0;
		} else if (bytes[i] == 27) {
			size_t number = 0;
			for (i += 2; bytes[i] >= '0' && bytes[i] <= '9'; i++)
				number = number * 10 + (size_t)(bytes[i] - '0');
			if (bytes[i] == 'K')
				memset(s_screen + s_column, 0, sizeof s_screen - s_column);
			else if (bytes[i] == 'D')
				s_column -= number;
		} else {
			s_screen[s_column++] = bytes[i];
		}
	}
}

static line_editor_t s_editor;

static void begin(void)
{
	memset(s_screen, 0, sizeof s_screen);
	s_column = 0;
	s_bell = false;
	line_editor_begin(&s_editor, "$ ");
}

static void fresh(void)
{
	memset(&s_editor, 0, sizeof s_editor);
	s_editor.output = show;
	begin();
}

static line_editor_event_t type(const char *keys)
{
	line_editor_event_t event = LINE_EDITOR_EDITING;
	while (*keys && event == LINE_EDITOR_EDITING)
		event = line_editor_input(&s_editor, *keys++);
	return event;
}

#define UP	"\x1b[A"
#define DOWN	"\x1b[B"
#define RIGHT	"\x1b[C"
#define LEFT	"\x1b[D"
#define HOME	"\x1b[H"
#define END	"\x1bOF"
#define DELETE	"\x1b[3~"

TEST(a_line_is_what_was_typed_and_is_shown_behind_the_prompt)
{
	fresh();
	CHECK(type("echo") == LINE_EDITOR_EDITING);
	CHECK_STR(s_screen, "$ echo");
	CHECK(type("\r") == LINE_EDITOR_LINE);
	CHECK_STR(s_editor.line, "echo");
}

TEST(characters_go_in_and_out_at_the_cursor)
{
	fresh();
	type("ac" LEFT "b");
	CHECK_STR(s_screen, "$ abc");
	CHECK_EQ(s_column, 4);
	type(HOME "x" END "y" LEFT LEFT "\x7f");
	CHECK_STR(s_screen, "$ xacy");
	type(HOME DELETE DELETE);
	CHECK_STR(s_screen, "$ cy");
	type(LEFT "\x08"); /* nothing before the start */
	CHECK_STR(s_editor.line, "cy");
	type(RIGHT RIGHT RIGHT DELETE);
	CHECK_STR(s_editor.line, "cy");
}

TEST(control_keys_erase_words_and_parts)
{
	fresh();
	type("one two  three\x17");
	CHECK_STR(s_screen, "$ one two  ");
	type("\x17");
	CHECK_STR(s_screen, "$ one ");
	type("\x01\x06\x0b");
	CHECK_STR(s_screen, "$ o");
	type("k\x02\x15");
	CHECK_STR(s_screen, "$ k");
}

TEST(a_character_of_several_bytes_is_one)
{
	fresh();
	type("a\xc3\xa4z" LEFT LEFT);
	CHECK_EQ(s_editor.cursor, 1);
	type(DELETE);
	CHECK_STR(s_editor.line, "az");
}

TEST(history_goes_back_and_forth_and_keeps_what_was_typed)
{
	fresh();
	CHECK(type("first\r") == LINE_EDITOR_LINE);
	begin();
	CHECK(type("second\r") == LINE_EDITOR_LINE);
	begin();
	CHECK(type("second\r") == LINE_EDITOR_LINE); /* kept once */
	begin();
	type("new" UP);
	CHECK_STR(s_screen, "$ second");
	type(UP);
	CHECK_STR(s_screen, "$ first");
	CHECK(!s_bell);
	type(UP);
	CHECK(s_bell);
	CHECK_STR(s_screen, "$ first");
	type(DOWN DOWN);
	CHECK_STR(s_screen, "$ new");
	type(UP "!\r");
	CHECK_STR(s_editor.line, "second!");
}

TEST(history_forgets_the_oldest)
{
	char line[200];
	fresh();
	for (int i = 0; i < 100; i++) {
		memset(line, 'a' + i % 26, sizeof line - 1);
		line[0] = (char)('0' + i % 10);
		line[sizeof line - 1] = 0;
		line_editor_remember(&s_editor, line);
	}
	CHECK(s_editor.history_bytes <= LINE_EDITOR_HISTORY_BYTES);
	begin();
	type(UP);
	CHECK_STR(s_editor.line, line);
}

TEST(a_full_line_rings_and_stays)
{
	fresh();
	for (int i = 0; i < LINE_EDITOR_BYTES - 1; i++)
		type("x");
	CHECK(!s_bell);
	type("y");
	CHECK(s_bell);
	CHECK_EQ(s_editor.length, LINE_EDITOR_BYTES - 1);
	CHECK(type("\n") == LINE_EDITOR_LINE);
}

TEST(the_end_and_giving_up)
{
	fresh();
	CHECK(type("abc\x03") == LINE_EDITOR_CANCEL);
	begin();
	CHECK(type("abc\x01\x04") == LINE_EDITOR_EDITING); /* deletes */
	CHECK_STR(s_editor.line, "bc");
	begin();
	CHECK(type("\x04") == LINE_EDITOR_END);
}

TEST(carriage_return_and_line_feed_end_one_line)
{
	fresh();
	CHECK(type("a\r") == LINE_EDITOR_LINE);
	begin();
	CHECK(type("\nb") == LINE_EDITOR_EDITING);
	CHECK_STR(s_editor.line, "b");
}

static void complete_word(void *context, line_editor_t *self)
{
	(void)context;
	CHECK_STR(self->line, "ec x");
	CHECK_EQ(self->cursor, 2);
	CHECK(line_editor_insert(self, "ho", 2));
}

TEST(tab_asks_for_the_rest_of_a_word)
{
	fresh();
	s_editor.complete = complete_word;
	type("ec x" LEFT LEFT "\t");
	CHECK_STR(s_screen, "$ echo x");
	s_editor.complete = NULL;
	type("\t");
	CHECK(s_bell);
}

TEST(unknown_keys_do_nothing)
{
	fresh();
	type("a\x1b[15~\x1b[1;5P\x1bx\x1b\x1b[200000000b\x02" "b");
	CHECK(s_editor.length >= 2);
	CHECK(s_editor.line[s_editor.length] == 0);
	fresh();
	type("a\x1b[15~\x1bx" "b");
	CHECK_STR(s_editor.line, "ab");
}
