/* SPDX-License-Identifier: Apache-2.0 */
/* The PL031 real-time clock (Arm, PrimeCell Real Time Clock PL031 Technical Reference Manual, DDI 0224), which counts seconds. */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

/** Seconds since 1970-01-01 UTC, as whoever set the clock counts; @p base is where the registers are seen. Any context. */
uint64_t rtc_pl031_seconds(uintptr_t base);

#pragma GCC visibility pop
