/* SPDX-License-Identifier: Apache-2.0 */
/* The line discipline: see terminal/terminal.h. Control characters and modes as POSIX.1-2017 chapter 11 has them. */
#include <terminal/terminal.h>

#include <memstr/memstr.h>

const terminal_modes_t terminal_default = {
	.c_iflag = TERMINAL_ICRNL,
	.c_oflag = TERMINAL_OPOST, /* ONLCR is for a device that needs it */
	.c_cflag = TERMINAL_CS8 | TERMINAL_B38400,
	.c_lflag = TERMINAL_ISIG | TERMINAL_ICANON | TERMINAL_ECHO | TERMINAL_ECHOE,
	.c_cc = { [TERMINAL_VINTR] = 3, [TERMINAL_VERASE] = 127, [TERMINAL_VKILL] = 21, [TERMINAL_VEOF] = 4, [TERMINAL_VMIN] = 1 },
};

static bool mode(const terminal_t *self, uint32_t flag)
{
	return self->termios.c_lflag & flag;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80; /* UTF-8: erased with the byte that leads it */
}

static void erase(terminal_t *self, terminal_echo_t *echo)
{
	if (!self->length)
		return;
	while (--self->length && is_continuation(self->line[self->length]))
		;
	if (mode(self, TERMINAL_ECHO))
		echo("\b \b", 3);
}

static void echo_input(const terminal_t *self, char byte, terminal_echo_t *echo)
{
	if (!mode(self, TERMINAL_ECHO))
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

void terminal_input(terminal_t *self, char byte, terminal_echo_t *echo)
{
	const uint8_t *control = self->termios.c_cc;
	const uint8_t code = (uint8_t)byte;

	if (byte == '\r' && (self->termios.c_iflag & TERMINAL_ICRNL))
		byte = '\n';
	if (mode(self, TERMINAL_ISIG) && code == control[TERMINAL_VINTR]) {
		echo_input(self, byte, echo);
		self->interrupted = true;
		self->length = 0;
		return;
	}
	if (mode(self, TERMINAL_ICANON)) {
		if (code == control[TERMINAL_VERASE] || code == '\b') {
			erase(self, echo);
			return;
		}
		if (code == control[TERMINAL_VKILL]) {
			while (self->length)
				erase(self, echo);
			return;
		}
		if (code == control[TERMINAL_VEOF]) {
			self->ready = true;
			self->end_of_file = self->length == 0;
			return;
		}
		if (byte != '\n' && self->length >= TERMINAL_LINE_BYTES - 1) {
			echo("\a", 1); /* full: only a line's end still fits */
			return;
		}
	}
	if (self->length < TERMINAL_LINE_BYTES)
		self->line[self->length++] = byte;
	echo_input(self, byte, echo);
	if (byte == '\n' || !mode(self, TERMINAL_ICANON))
		self->ready = true;
}

size_t terminal_take(terminal_t *self, char *buffer, size_t length)
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
