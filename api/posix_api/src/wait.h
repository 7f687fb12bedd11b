/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between an image with threads (threads.c) and one without (alone.c). */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** One reader of the console at a time. May sleep. */
void posix_input_lock(void);
void posix_input_unlock(void);

/** axhal_console_read() that waits: 1 byte or more, or AXHAL_CONSOLE_END. May sleep. */
long posix_read_input(void *buffer, size_t length);

/** Sleep until axhal_now_ns() reaches @p deadline_ns. */
void posix_sleep_until(uint64_t deadline_ns);
