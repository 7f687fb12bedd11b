/* SPDX-License-Identifier: Apache-2.0 */
/* The line: what keys do to it, and how that is drawn. `line` is terminated at all times. */
#include "internal.h"

#include <memstr/memstr.h>

enum { CONTROL = 64, DELETE = 127 }; /* ^A is 'A' - CONTROL */

static void draw(line_editor_t *self, const char *text)
{
	self->output(self->context, text, strlen(text));
}

static bool bell(line_editor_t *self)
{
	draw(self, "\a");
	return false;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80; /* of a character in UTF-8 */
}

static size_t before(const line_editor_t *self, size_t at)
{
	while (at && is_continuation(self->line[--at]))
		;
	return at;
}

static size_t behind(const line_editor_t *self, size_t at)
{
	while (at < self->length && is_continuation(self->line[++at]))
		;
	return at;
}

/* CSI n D: back to the cursor from the line's end. */
static void draw_cursor(line_editor_t *self)
{
	char sequence[16];
	size_t columns = 0, at = sizeof sequence;
	for (size_t i = self->cursor; i < self->length; i = behind(self, i))
		columns++;
	if (!columns)
		return;
	sequence[--at] = 'D';
	for (; columns; columns /= 10)
		sequence[--at] = (char)('0' + columns % 10);
	sequence[--at] = '[';
	sequence[--at] = 27;
	self->output(self->context, sequence + at, sizeof sequence - at);
}

void line_editor_redraw(line_editor_t *self)
{
	draw(self, "\r");
	draw(self, self->prompt);
	self->output(self->context, self->line, self->length);
	draw(self, "\x1b[K");
	draw_cursor(self);
}

void line_editor_begin(line_editor_t *self, const char *prompt)
{
	self->prompt = prompt;
	self->length = self->cursor = 0;
	self->line[0] = 0;
	self->escape_bytes = 0;
	self->shown = self->history_bytes;
	draw(self, prompt);
}

bool line_editor_insert(line_editor_t *self, const char *bytes, size_t count)
{
	if (self->length + count >= LINE_EDITOR_BYTES)
		return bell(self);
	memmove(self->line + self->cursor + count, self->line + self->cursor, self->length - self->cursor + 1);
	memcpy(self->line + self->cursor, bytes, count);
	self->length += count;
	self->cursor += count;
	if (self->cursor == self->length)
		self->output(self->context, bytes, count);
	else
		line_editor_redraw(self);
	return true;
}

static void move_to(line_editor_t *self, size_t cursor)
{
	if (self->cursor == cursor)
		return;
	self->cursor = cursor;
	line_editor_redraw(self);
}

static void erase(line_editor_t *self, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(self->line + from, self->line + to, self->length - to + 1);
	self->length -= to - from;
	self->cursor = from;
	line_editor_redraw(self);
}

static size_t word_before(const line_editor_t *self)
{
	size_t at = self->cursor;
	while (at && self->line[at - 1] == ' ')
		at--;
	while (at && self->line[at - 1] != ' ')
		at--;
	return at;
}

static void move_in_history(line_editor_t *self, bool back)
{
	if (line_editor_history_move(self, back))
		line_editor_redraw(self);
	else
		(void)bell(self);
}

static void complete(line_editor_t *self)
{
	if (self->complete)
		self->complete(self->context, self);
	else
		(void)bell(self);
}

static void edit(line_editor_t *self, int key)
{
	switch (key) {
	case KEY_LEFT:
	case 'B' - CONTROL:
		move_to(self, before(self, self->cursor));
		break;
	case KEY_RIGHT:
	case 'F' - CONTROL:
		move_to(self, behind(self, self->cursor));
		break;
	case KEY_HOME:
	case 'A' - CONTROL:
		move_to(self, 0);
		break;
	case KEY_END:
	case 'E' - CONTROL:
		move_to(self, self->length);
		break;
	case KEY_UP:
	case 'P' - CONTROL:
		move_in_history(self, true);
		break;
	case KEY_DOWN:
	case 'N' - CONTROL:
		move_in_history(self, false);
		break;
	case 'H' - CONTROL:
	case DELETE:
		erase(self, before(self, self->cursor), self->cursor);
		break;
	case KEY_DELETE:
	case 'D' - CONTROL:
		erase(self, self->cursor, behind(self, self->cursor));
		break;
	case 'K' - CONTROL:
		erase(self, self->cursor, self->length);
		break;
	case 'U' - CONTROL:
		erase(self, 0, self->cursor);
		break;
	case 'W' - CONTROL:
		erase(self, word_before(self), self->cursor);
		break;
	case '\t':
		complete(self);
		break;
	case 'L' - CONTROL:
		draw(self, "\x1b[H\x1b[2J");
		line_editor_redraw(self);
		break;
	default:
		if (key >= ' ' && key < KEY_NONE)
			(void)line_editor_insert(self, &(char){ (char)key }, 1);
		break;
	}
}

line_editor_event_t line_editor_input(line_editor_t *self, char byte)
{
	const bool second = self->skip_line_feed && byte == '\n';
	self->skip_line_feed = byte == '\r';
	if (second)
		return LINE_EDITOR_EDITING;
	const int key = line_editor_key(self, byte);
	switch (key) {
	case '\r':
	case '\n':
		draw(self, "\r\n");
		line_editor_remember(self, self->line);
		return LINE_EDITOR_LINE;
	case 'C' - CONTROL:
		draw(self, "^C\r\n");
		return LINE_EDITOR_CANCEL;
	case 'D' - CONTROL:
		if (!self->length) {
			draw(self, "\r\n");
			return LINE_EDITOR_END;
		}
		break;
	}
	edit(self, key);
	return LINE_EDITOR_EDITING;
}
