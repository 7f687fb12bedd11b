/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A terminal's line discipline, in the manner of termios(3): echo, erase, kill, end of file, line by line or raw.
 * Pure: bytes go in, lines and echo come out; who reads and writes the device is the caller's matter. Any context; no
 * lock: one caller at a time for each terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/* As Linux lays out struct termios, and its numbers (include/uapi/asm-generic/termbits.h). */
typedef struct terminal_modes {
	uint32_t c_iflag;
	uint32_t c_oflag;
	uint32_t c_cflag;
	uint32_t c_lflag;
	uint8_t c_line;
	uint8_t c_cc[19];
} terminal_modes_t;

enum {
	TERMINAL_ICRNL = 0400,
	TERMINAL_OPOST = 01,
	TERMINAL_ONLCR = 04,
	TERMINAL_CS8 = 060,
	TERMINAL_B38400 = 017,
	TERMINAL_ISIG = 01,
	TERMINAL_ICANON = 02,
	TERMINAL_ECHO = 010,
	TERMINAL_ECHOE = 020,
};

/* Places in c_cc. */
enum { TERMINAL_VINTR = 0, TERMINAL_VERASE = 2, TERMINAL_VKILL = 3, TERMINAL_VEOF = 4, TERMINAL_VTIME = 5, TERMINAL_VMIN = 6 };

enum { TERMINAL_LINE_BYTES = 1024 };

typedef struct posix_terminal {
	terminal_modes_t termios;
	char line[TERMINAL_LINE_BYTES]; /* being edited, or ready to be read from `taken` on */
	size_t length;
	size_t taken;
	bool ready;
	bool end_of_file; /* `ready` for nothing: the reader gets 0 bytes */
	bool interrupted; /* ^C: the caller clears it */
} terminal_t;

typedef void terminal_echo_t(const char *bytes, size_t length);

/** As a new terminal is: canonical, echoing, ^C interrupts. */
extern const terminal_modes_t terminal_default;

/** A byte has arrived. Not to be called while `ready` in canonical mode: the byte would be lost. */
void terminal_input(terminal_t *self, char byte, terminal_echo_t *echo);

/** Take up to @p length ready bytes; 0 with nothing ready, or at end of file. */
size_t terminal_take(terminal_t *self, char *buffer, size_t length);

#pragma GCC visibility pop
