/* SPDX-License-Identifier: Apache-2.0 */
/* The console: bytes in and out, unbuffered, no line discipline. Filled in by the platform. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

/** What axhal_console_read() returns once no byte will ever come again (the end of a piped input). */
#define AXHAL_CONSOLE_END (-1L)

/** Write all of @p bytes; waits for the device. Any context, panic included. Bytes of two callers may mix; on different
 *  CPUs only those of long writes: up to 256 bytes of one stay together. */
void axhal_console_write(const char *bytes, size_t length);

/**
 * Take what has arrived, at most @p capacity bytes. Never waits.
 * @return bytes taken; 0 if none has come yet; AXHAL_CONSOLE_END at the end of input
 * An arriving byte ends axhal_wait_for_irq(): "read, else wait" loses nothing when interrupts are masked between.
 */
long axhal_console_read(char *buffer, size_t capacity);

/**
 * Have @p handler called when input has come; an earlier handler is replaced. In interrupt context. Feature `irq`.
 * A machine that shares the processor with others' programs may tell only when axhal_wait_for_irq() has found it:
 * who also has threads that do not wait looks from time to time.
 */
void axhal_console_on_input(void (*handler)(void));

/** Whether a person may sit at the other end, who wants echo and line editing: not so for a host's pipe or file. */
bool axhal_console_is_terminal(void);

#pragma GCC visibility pop
