/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The real-time clock of a PC (Motorola MC146818 datasheet; the century byte is the PC's), taken to keep UTC. Its
 * registers are read through a function of the user's. No lock: the user serializes.
 */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

/** Reads the register @p index, 0 to 127. */
typedef uint8_t rtc_mc146818_read_t(uint8_t index);

/**
 * Seconds since 1970-01-01 UTC; 0 if there is no clock or it has no time. Reads again while the clock updates itself,
 * which takes up to 2 ms.
 */
uint64_t rtc_mc146818_seconds(rtc_mc146818_read_t *read);

#pragma GCC visibility pop
