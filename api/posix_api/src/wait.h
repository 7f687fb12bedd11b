/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between an image with threads (threads.c) and one without (alone.c). */
#pragma once

#include <stdint.h>

/** One reader of the console at a time. May sleep. */
void posix_input_lock(void);
void posix_input_unlock(void);

/** Wait a little for console input. */
void posix_wait_for_input(void);

/** Sleep until axhal_now_ns() reaches @p deadline_ns. */
void posix_sleep_until(uint64_t deadline_ns);
