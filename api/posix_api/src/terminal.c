/* SPDX-License-Identifier: Apache-2.0 */
/* The line discipline: see terminal.h. Control characters and modes as POSIX.1-2017 chapter 11 has them. */
#include "terminal.h"

#include <memstr/memstr.h>

const struct ax_termios posix_terminal_default = {
	.c_iflag = AX_ICRNL,
	.c_oflag = AX_OPOST, /* ONLCR is for a device that needs it */
	.c_cflag = AX_CS8 | AX_B38400,
	.c_lflag = AX_ISIG | AX_ICANON | AX_ECHO | AX_ECHOE,
	.c_cc = { [AX_VINTR] = 3, [AX_VERASE] = 127, [AX_VKILL] = 21, [AX_VEOF] = 4, [AX_VMIN] = 1 },
};

static bool mode(const posix_terminal_t *self, uint32_t flag)
{
	return self->termios.c_lflag & flag;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80; /* UTF-8: erased with the byte that leads it */
}

static void erase(posix_terminal_t *self, posix_echo_t *echo)
{
	if (!self->length)
		return;
	while (--self->length && is_continuation(self->line[self->length]))
		;
	if (mode(self, AX_ECHO))
		echo("\b \b", 3);
}

static void echo_input(const posix_terminal_t *self, char byte, posix_echo_t *echo)
{
	if (!mode(self, AX_ECHO))
		return;
	if (byte == '\n') {
		echo("\n", 1);
	} else if ((unsigned char)byte < 32 && byte != '\t') {
		char shown[2] = { '^', (char)(byte + 64) };
		echo(shown, 2);
	} else {
		echo(&byte, 1);
	}
}

void posix_terminal_input(posix_terminal_t *self, char byte, posix_echo_t *echo)
{
	const uint8_t *control = self->termios.c_cc;
	const uint8_t code = (uint8_t)byte;

	if (byte == '\r' && (self->termios.c_iflag & AX_ICRNL))
		byte = '\n';
	if (mode(self, AX_ISIG) && code == control[AX_VINTR]) {
		echo_input(self, byte, echo);
		self->interrupted = true;
		self->length = 0;
		return;
	}
	if (mode(self, AX_ICANON)) {
		if (code == control[AX_VERASE] || code == '\b') {
			erase(self, echo);
			return;
		}
		if (code == control[AX_VKILL]) {
			while (self->length)
				erase(self, echo);
			return;
		}
		if (code == control[AX_VEOF]) {
			self->ready = true;
			self->end_of_file = self->length == 0;
			return;
		}
		if (byte != '\n' && self->length >= POSIX_LINE_BYTES - 1) {
			echo("\a", 1); /* full: only a line's end still fits */
			return;
		}
	}
	if (self->length < POSIX_LINE_BYTES)
		self->line[self->length++] = byte;
	echo_input(self, byte, echo);
	if (byte == '\n' || !mode(self, AX_ICANON))
		self->ready = true;
}

size_t posix_terminal_take(posix_terminal_t *self, char *buffer, size_t length)
{
	if (!self->ready)
		return 0;
	size_t count = self->length - self->taken;
	if (count > length)
		count = length;
	memcpy(buffer, self->line + self->taken, count);
	self->taken += count;
	if (self->taken == self->length) {
		self->length = self->taken = 0;
		self->ready = self->end_of_file = false;
	}
	return count;
}
