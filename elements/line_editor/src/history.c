/* SPDX-License-Identifier: Apache-2.0 */
/* Lines entered before, packed one behind the other. */
#include "internal.h"

#include <memstr/memstr.h>

/* The start of the line before the one at @p at. */
static size_t previous(const line_editor_t *self, size_t at)
{
	at--; /* its NUL */
	while (at && self->history[at - 1])
		at--;
	return at;
}

void line_editor_remember(line_editor_t *self, const char *line)
{
	const size_t bytes = strlen(line) + 1;
	if (bytes == 1 || bytes > LINE_EDITOR_HISTORY_BYTES)
		return;
	if (self->history_bytes && strcmp(self->history + previous(self, self->history_bytes), line) == 0)
		return;
	while (self->history_bytes + bytes > LINE_EDITOR_HISTORY_BYTES) {
		const size_t oldest = strlen(self->history) + 1;
		self->history_bytes -= oldest;
		memmove(self->history, self->history + oldest, self->history_bytes);
	}
	memcpy(self->history + self->history_bytes, line, bytes);
	self->history_bytes += bytes;
}

static void show(line_editor_t *self, const char *line)
{
	self->length = self->cursor = strlen(line);
	memcpy(self->line, line, self->length + 1);
}

bool line_editor_history_move(line_editor_t *self, bool back)
{
	if (back ? self->shown == 0 : self->shown == self->history_bytes)
		return false;
	if (self->shown == self->history_bytes)
		memcpy(self->kept, self->line, self->length + 1);
	self->shown = back ? previous(self, self->shown) : self->shown + strlen(self->history + self->shown) + 1;
	show(self, self->shown == self->history_bytes ? self->kept : self->history + self->shown);
	return true;
}
