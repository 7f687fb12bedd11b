/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console: standard output and standard input. A terminal is put into raw mode at the first read (a program that
 * never reads leaves it alone) and back at exit, signals that end the process included; what it makes of output
 * and of control keys that raise signals stays. File descriptors are shared with other processes, so none is
 * made non-blocking: a read is preceded by a poll, and of several CPUs one at a time does the two.
 */
#include <axhal/console.h>
#include <spinlock/spinlock.h>
#include "linux.h"

#define LINUX_TCGETS 0x5401u
#define LINUX_TCSETS 0x5402u

/* struct termios, asm-generic/termbits.h */
struct linux_termios {
	uint32_t input, output, control, local;
	uint8_t line, characters[19];
};

enum { /* input flags */
	IGNBRK = 0001, BRKINT = 0002, PARMRK = 0010, ISTRIP = 0040, INLCR = 0100, IGNCR = 0200, ICRNL = 0400,
	IXON = 02000,
};

enum { /* local flags */
	ICANON = 0000002, ECHO = 0000010, ECHONL = 0000100, IEXTEN = 0100000,
};

enum { VTIME = 5, VMIN = 6 };

enum { STDIN, STDOUT };

static irq_spinlock_t s_lock = IRQ_SPINLOCK_INIT; /* s_input, and what is in standard input from a poll to the read */
static enum { INPUT_NEW, INPUT_PLAIN, INPUT_TERMINAL, INPUT_ENDED } s_input;
static struct linux_termios s_cooked, s_raw;
atomic_bool axhal_linux_console_wanted;
static void (*_Atomic s_input_handler)(void);

void axhal_console_write(const char *bytes, size_t length)
{
	while (length) {
		long written = axhal_linux_write(STDOUT, bytes, length);
		if (written == -LINUX_EAGAIN) {
			struct linux_pollfd room = { .fd = STDOUT, .events = LINUX_POLLOUT };
			axhal_linux_ppoll(&room, 1, NULL);
		} else if (written < 0 && written != -LINUX_EINTR) {
			return; /* closed: there is nobody to tell */
		}
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
}

static void resume(int signo, struct linux_siginfo *info, struct linux_ucontext *context)
{
	(void)signo;
	(void)info;
	(void)context;
	axhal_linux_ioctl(STDIN, LINUX_TCSETS, &s_raw);
}

static void open_input(void)
{
	s_input = INPUT_PLAIN;
	if (axhal_linux_ioctl(STDIN, LINUX_TCGETS, &s_cooked) < 0)
		return;
	s_raw = s_cooked;
	s_raw.input &= ~(uint32_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	s_raw.local &= ~(uint32_t)(ICANON | ECHO | ECHONL | IEXTEN);
	s_raw.characters[VMIN] = 1;
	s_raw.characters[VTIME] = 0;
	axhal_linux_handle_termination(LINUX_SIGHUP);
	axhal_linux_handle_termination(LINUX_SIGQUIT);
	axhal_linux_handle_termination(LINUX_SIGPIPE);
	axhal_linux_handle_signal(LINUX_SIGCONT, resume, LINUX_SA_ONSTACK | LINUX_SA_RESTART, ~UINT64_C(0));
	s_input = INPUT_TERMINAL;
	axhal_linux_ioctl(STDIN, LINUX_TCSETS, &s_raw);
}

void axhal_linux_console_restore(void)
{
	if (s_raw.characters[VMIN])
		axhal_linux_ioctl(STDIN, LINUX_TCSETS, &s_cooked);
}

static void want(bool wanted)
{
	atomic_store_explicit(&axhal_linux_console_wanted, wanted, memory_order_relaxed);
}

long axhal_console_read(char *buffer, size_t capacity)
{
	static const struct linux_timespec at_once;
	SPIN_GUARD_IRQ(&s_lock);
	if (s_input == INPUT_NEW)
		open_input();
	if (s_input == INPUT_ENDED)
		return AXHAL_CONSOLE_END;
	if (!capacity)
		return 0;
	struct linux_pollfd input = { .fd = STDIN, .events = LINUX_POLLIN };
	long got = axhal_linux_ppoll(&input, 1, &at_once);
	want(got <= 0);
	if (got <= 0)
		return 0;
	got = axhal_linux_read(STDIN, buffer, capacity);
	if (got > 0)
		return got;
	if (got == -LINUX_EAGAIN || got == -LINUX_EINTR) {
		want(true);
		return 0;
	}
	s_input = INPUT_ENDED;
	return AXHAL_CONSOLE_END;
}

void axhal_console_on_input(void (*handler)(void))
{
	s_input_handler = handler;
}

void axhal_linux_console_arrived(void)
{
	want(false);
	void (*handler)(void) = s_input_handler;
	if (handler)
		handler();
}

bool axhal_console_is_terminal(void)
{
	struct linux_termios termios;
	return axhal_linux_ioctl(STDIN, LINUX_TCGETS, &termios) == 0 && axhal_linux_ioctl(STDOUT, LINUX_TCGETS, &termios) == 0;
}
