/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console as an open file: axhal's bytes behind a line discipline. One image has one console, so its state is
 * static; readers take turns.
 */
#include "descriptor.h"
#include "signal.h"
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/console.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>
#include <terminal/terminal.h>

static terminal_t s_terminal; /* its line: the reader's, posix_input_begin() */
static enum { UNKNOWN, PLAIN, TERMINAL } s_kind;

/* What was read to see whether there is something to read, the reader's too. */
static enum { NOTHING, A_BYTE, THE_END } s_ahead;
static char s_ahead_byte;

/*
 * Who polls: told by the console's interrupt. A machine that tells of input only when it is idle (axhal/console.h) makes
 * them look again this often.
 */
enum { INPUT_POLL_NS = 10000000 };
posix_readiness_t posix_console_readiness;
static posix_alarm_t s_look_again; /* the reader's */

/* ONLCR: a carriage return before each line feed. */
static void write_cooked(const char *bytes, size_t length)
{
	while (length) {
		const char *line_feed = memchr(bytes, '\n', length);
		size_t count = line_feed ? (size_t)(line_feed - bytes) : length;
		if (count)
			axhal_console_write(bytes, count);
		if (!line_feed)
			return;
		axhal_console_write("\r\n", 2);
		bytes += count + 1;
		length -= count + 1;
	}
}

/* The line discipline, or NULL where the host's pipe or file is neither edited nor echoed. */
static terminal_t *terminal(void)
{
	if (s_kind == UNKNOWN) {
		s_terminal.termios = terminal_default;
		s_kind = axhal_console_is_terminal() ? TERMINAL : PLAIN;
	}
	return s_kind == TERMINAL ? &s_terminal : NULL;
}

static void write_output(const char *bytes, size_t length)
{
	const uint32_t cooked = TERMINAL_OPOST | TERMINAL_ONLCR;
	const terminal_t *self = terminal();
	if (self && (self->termios.c_oflag & cooked) == cooked)
		write_cooked(bytes, length);
	else
		axhal_console_write(bytes, length);
}

static long console_write([[maybe_unused]] posix_file_t *file, const void *buffer, size_t length)
{
	write_output(buffer, length);
	return (long)length;
}

/* Bytes; 0 at the end of input; or an error: WOULD_BLOCK, or INTERRUPTED if something else is to be seen to first. */
static long read_raw(void *buffer, size_t length, bool wait)
{
	if (s_ahead == A_BYTE) {
		*(char *)buffer = s_ahead_byte;
		s_ahead = NOTHING;
		return 1;
	}
	if (s_ahead == THE_END)
		return 0;
	long count = wait ? posix_read_input(buffer, length) : axhal_console_read(buffer, length);
	if (!count)
		return wait ? -AX_ERR_INTERRUPTED : -AX_ERR_WOULD_BLOCK;
	return count == AXHAL_CONSOLE_END ? 0 : count;
}

/* A byte for the line; whether it was ^C. */
static bool take_byte(terminal_t *self, char byte)
{
	terminal_input(self, byte, write_output);
	if (!self->interrupted)
		return false;
	self->interrupted = false;
	posix_signal_t interrupt = { .number = AX_SIGINT, .code = AX_SI_KERNEL };
	(void)posix_signal_send(NULL, &ax_posix_self, &interrupt); /* is lost if one is pending */
	return true;
}

static long read_terminal(terminal_t *self, void *buffer, size_t length, bool wait)
{
	while (!self->ready) {
		char byte;
		long count = read_raw(&byte, 1, wait);
		if (count <= 0)
			return count;
		if (take_byte(self, byte))
			return -AX_ERR_INTERRUPTED;
	}
	return (long)terminal_take(self, buffer, length);
}

static long read_in_turn(void *buffer, size_t length, bool wait)
{
	if (posix_input_begin() != AX_OK)
		return -AX_ERR_INTERRUPTED;
	terminal_t *self = terminal();
	long result = self ? read_terminal(self, buffer, length, wait) : read_raw(buffer, length, wait);
	posix_input_end();
	return result;
}

/* It waits by itself: the reader's turn goes to one thread at a time. */
static long console_read(posix_file_t *file, void *buffer, size_t length)
{
	if (!length)
		return 0;
	const bool wait = !(file->flags & AX_O_NONBLOCK);
	long result;
	while ((result = read_in_turn(buffer, length, wait)) == -AX_ERR_INTERRUPTED)
		if (ax_posix_wait_interrupted() == AX_POSIX_EINTR)
			break;
	return result;
}

/* Whether a read would not wait. The reader's turn is the caller's. */
static bool is_readable(void)
{
	terminal_t *self = terminal();
	while (!(self && self->ready)) {
		if (s_ahead == NOTHING) {
			const long count = axhal_console_read(&s_ahead_byte, 1);
			s_ahead = count == 1 ? A_BYTE : count == AXHAL_CONSOLE_END ? THE_END : NOTHING;
		}
		if (s_ahead != A_BYTE || !self)
			return s_ahead != NOTHING;
		s_ahead = NOTHING;
		(void)take_byte(self, s_ahead_byte);
	}
	return true;
}

static void look_again([[maybe_unused]] posix_alarm_t *alarm)
{
	posix_console_input();
}

void posix_console_input(void)
{
	posix_readiness_notify(&posix_console_readiness, AX_POLLIN | AX_POLLRDNORM);
}

/* If another thread reads, it takes what comes. */
static unsigned console_events([[maybe_unused]] posix_file_t *file)
{
	const unsigned writable = AX_POLLOUT | AX_POLLWRNORM;
	if (!posix_input_try_begin())
		return writable;
	posix_input_watch();
	const bool readable = is_readable();
	if (!readable)
		posix_alarm_start(&s_look_again, axhal_now_ns() + INPUT_POLL_NS, look_again);
	posix_input_end();
	return writable | (readable ? AX_POLLIN | AX_POLLRDNORM : 0);
}

static long console_stat([[maybe_unused]] posix_file_t *file, struct ax_stat *stat)
{
	*stat = (struct ax_stat){
		.st_nlink = 1,
		.st_mode = AX_S_IFCHR | 0620,
		.st_rdev = 0x501, /* 5:1, /dev/console */
		.st_blksize = 1024,
	};
	return 0;
}

static long console_ioctl([[maybe_unused]] posix_file_t *file, unsigned long request, void *argument)
{
	terminal_t *self = terminal();
	if (!self)
		return -AX_ERR_NOT_A_TERMINAL;
	switch (request) {
	case AX_TIOCGWINSZ: /* not known: 0 by 0, as a serial line has it */
		*(struct ax_winsize *)argument = (struct ax_winsize){};
		return 0;
	case AX_TCGETS:
		*(terminal_modes_t *)argument = self->termios;
		return 0;
	case AX_TCSETS:
	case AX_TCSETSW:
	case AX_TCSETSF:
		self->termios = *(const terminal_modes_t *)argument;
		return 0;
	default:
		return -AX_ERR_NOT_A_TERMINAL;
	}
}

const posix_file_ops_t posix_console_ops = {
	.read = console_read,
	.write = console_write,
	.events = console_events,
	.stat = console_stat,
	.ioctl = console_ioctl,
};
