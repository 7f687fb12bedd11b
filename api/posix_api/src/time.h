/* SPDX-License-Identifier: Apache-2.0 */
/* Times as system calls give them, and clocks that change. */
#pragma once

#include <posix_api/threads.h>

/** Seconds and nanoseconds, or false if they are none. Too far off for 64 bits (584 years) is as good as never. */
bool posix_to_ns(const struct ax_timespec *time, uint64_t *ns);

struct ax_timespec posix_to_timespec(uint64_t ns);

/** CLOCK_REALTIME has been set: timers that count on it are due at another time. */
void posix_timers_clock_was_set(void);

/** The same for who sleeps. */
void posix_sleepers_clock_was_set(void);
