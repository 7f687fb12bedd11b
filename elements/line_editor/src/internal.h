/* SPDX-License-Identifier: Apache-2.0 */
/* Between the editor's files. */
#pragma once

#include <line_editor/line_editor.h>

/** What a key means. Characters stand for themselves. */
typedef enum key {
	KEY_NONE = 256, /* not complete, or not known */
	KEY_LEFT,
	KEY_RIGHT,
	KEY_UP,
	KEY_DOWN,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
} key_t;

/** The key that @p byte completes; KEY_NONE if none. */
int line_editor_key(line_editor_t *self, char byte);

/** Show the line entered before, or after, the one shown. False: there is none. */
bool line_editor_history_move(line_editor_t *self, bool back);
