/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes become keys: escape sequences as ECMA-48 and xterm's ctlseqs have them. */
#include "internal.h"

enum { ESCAPE = 27 };

static bool is_final(char byte)
{
	return byte >= '@' && byte <= '~';
}

/* CSI and SS3 sequences: their last byte, and the number before a '~'. */
static int known(const line_editor_t *self)
{
	switch (self->escape[self->escape_bytes - 1]) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'H':
		return KEY_HOME;
	case 'F':
		return KEY_END;
	}
	if (self->escape_bytes != 4 || self->escape[3] != '~')
		return KEY_NONE;
	switch (self->escape[2]) {
	case '1':
	case '7':
		return KEY_HOME;
	case '4':
	case '8':
		return KEY_END;
	case '3':
		return KEY_DELETE;
	default:
		return KEY_NONE;
	}
}

int line_editor_key(line_editor_t *self, char byte)
{
	if (!self->escape_bytes && byte != ESCAPE)
		return (unsigned char)byte;
	if (byte == ESCAPE)
		self->escape_bytes = 0;
	self->escape[self->escape_bytes++] = byte;
	if (self->escape_bytes == 1)
		return KEY_NONE;
	if (self->escape_bytes == 2 && (byte == '[' || byte == 'O'))
		return KEY_NONE;
	if (self->escape_bytes > 2 && !is_final(byte) && self->escape_bytes < sizeof self->escape)
		return KEY_NONE;
	const int key = self->escape_bytes > 2 ? known(self) : KEY_NONE;
	self->escape_bytes = 0;
	return key;
}
