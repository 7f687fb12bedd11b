/* SPDX-License-Identifier: Apache-2.0 */
/* The Goldfish real-time clock (Android emulator, docs/GOLDFISH-VIRTUAL-HARDWARE.TXT, "Goldfish timer"): nanoseconds. */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

/**
 * Nanoseconds since 1970-01-01 UTC; @p base is where the registers are seen. Reading the low half keeps the high one for
 * the read that follows: the user serializes. Any context.
 */
uint64_t rtc_goldfish_ns(uintptr_t base);

#pragma GCC visibility pop
