/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A terminal's line discipline, in the manner of termios(3): echo, erase, kill, end of file, line by line or raw.
 * Pure: bytes go in, lines and echo come out; who reads and writes the device is console.c's matter.
 */
#pragma once

#include <posix_api/abi.h>
#include <stdbool.h>
#include <stddef.h>

enum { POSIX_LINE_BYTES = 1024 };

typedef struct posix_terminal {
	struct ax_termios termios;
	char line[POSIX_LINE_BYTES]; /* being edited, or ready to be read from `taken` on */
	size_t length;
	size_t taken;
	bool ready;
	bool end_of_file; /* `ready` for nothing: the reader gets 0 bytes */
	bool interrupted; /* ^C: the caller clears it */
} posix_terminal_t;

typedef void posix_echo_t(const char *bytes, size_t length);

/** As a new terminal is: canonical, echoing, ^C interrupts. */
extern const struct ax_termios posix_terminal_default;

/** A byte has arrived. Not to be called while `ready` in canonical mode: the byte would be lost. */
void posix_terminal_input(posix_terminal_t *self, char byte, posix_echo_t *echo);

/** Take up to @p length ready bytes; 0 with nothing ready, or at end of file. */
size_t posix_terminal_take(posix_terminal_t *self, char *buffer, size_t length);
