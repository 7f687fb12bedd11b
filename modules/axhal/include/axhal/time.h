/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks, and the one-shot timer of this CPU. */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

#define AX_NS_PER_SEC UINT64_C(1000000000)

/** Nanoseconds since boot; never goes back, never stops. Any context. */
uint64_t axhal_now_ns(void);

/** Nanoseconds since 1970-01-01 UTC, from the real-time clock read at boot plus axhal_now_ns(). */
uint64_t axhal_wall_ns(void);

/**
 * Raise the timer interrupt (AXHAL_IRQ_TIMER) of this CPU once, at @p deadline_ns of axhal_now_ns(), or at once
 * if that is past. Replaces an earlier deadline; UINT64_MAX disarms. Feature `irq`. Interrupts masked.
 */
void axhal_timer_set(uint64_t deadline_ns);

#pragma GCC visibility pop
