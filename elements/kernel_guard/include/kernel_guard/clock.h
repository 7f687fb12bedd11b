/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: the clock that sections are measured by. Feature `timing`. Provider: the hardware layer. */
#pragma once

#include <stdint.h>

#pragma GCC visibility push(default)

/** Nanoseconds from any point on, the same on all CPUs. Any context, interrupts masked or not. */
uint64_t kernel_guard_now_ns(void);

#pragma GCC visibility pop
