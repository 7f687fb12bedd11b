/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line that a person edits. Keys go in byte by byte, as a terminal in raw mode gives them; what is to be drawn comes out
 * through a function. Pure: who reads and writes the terminal is the caller's matter. Any context; one caller at a time.
 *
 *	line_editor_t editor = { .output = write_terminal, .complete = complete };	(or memset, then these)
 *	line_editor_begin(&editor, "$ ");
 *	do
 *		... read a byte ...
 *	while ((event = line_editor_input(&editor, byte)) == LINE_EDITOR_EDITING);
 *	if (event == LINE_EDITOR_LINE)	... editor.line, terminated ...
 *
 * Keys are those that shells share (Emacs's, and a VT220's cursor keys):
 *	left ^B, right ^F, home ^A, end ^E	move
 *	backspace ^H, delete ^D, ^K, ^U, ^W	erase a character, to the end, to the start, a word
 *	up ^P, down ^N				lines entered before
 *	tab					complete; ^L: draw anew; ^C: give up; ^D in an empty line: the end
 *
 * Drawing uses carriage return, CSI K and CSI n D (ECMA-48): the line should fit the terminal's width. UTF-8
 * is edited by whole characters, each of which is taken to be one column wide.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

enum {
	LINE_EDITOR_BYTES = 512,          /* a line, with its NUL; what does not fit rings the bell */
	LINE_EDITOR_HISTORY_BYTES = 4096, /* lines entered before; the oldest are forgotten */
};

typedef enum line_editor_event {
	LINE_EDITOR_EDITING, /* go on */
	LINE_EDITOR_LINE,    /* entered: `line` */
	LINE_EDITOR_CANCEL,  /* ^C */
	LINE_EDITOR_END,     /* ^D in an empty line */
} line_editor_event_t;

typedef struct line_editor line_editor_t;

/** Zero bytes but for the first three, which the user sets. */
struct line_editor {
	/** Draw. */
	void (*output)(void *context, const char *bytes, size_t count);
	/** Tab: look at `line` up to `cursor`, call line_editor_insert(), or write below and line_editor_redraw(). NULL: a bell. */
	void (*complete)(void *context, line_editor_t *self);
	void *context;
	const char *prompt;             /* lives while the line is edited */
	char line[LINE_EDITOR_BYTES];
	size_t length, cursor;          /* bytes */
	/* The editor's own. */
	char escape[8];                 /* a key that is not complete yet */
	size_t escape_bytes;
	char history[LINE_EDITOR_HISTORY_BYTES]; /* lines, each with its NUL, the oldest first */
	size_t history_bytes, shown;    /* `shown`: start of the line that is shown from there; history_bytes: none */
	char kept[LINE_EDITOR_BYTES];   /* what was typed before going back in history */
	bool skip_line_feed;            /* of a CR LF */
};

/** An empty line behind @p prompt, which is drawn. */
void line_editor_begin(line_editor_t *self, const char *prompt);

/** A byte has come. */
line_editor_event_t line_editor_input(line_editor_t *self, char byte);

/** Put @p count bytes at the cursor, and draw them. False, and a bell, if they do not fit. */
bool line_editor_insert(line_editor_t *self, const char *bytes, size_t count);

/** Draw prompt and line on the terminal's current line. */
void line_editor_redraw(line_editor_t *self);

/** Append to the history: not an empty line, nor the last one again. line_editor_input() does so for a line entered. */
void line_editor_remember(line_editor_t *self, const char *line);

#pragma GCC visibility pop
