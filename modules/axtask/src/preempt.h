/* SPDX-License-Identifier: Apache-2.0 */
/* What only preemptive images have. Interrupts masked for axtask_tick(). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** Give the CPU to another thread if one is runnable; the caller stays runnable. */
void axtask_preempt(void);

/** Account the time up to @p now_ns to the running thread; true when another should run. */
bool axtask_tick(uint64_t now_ns);
