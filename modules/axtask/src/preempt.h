/* SPDX-License-Identifier: Apache-2.0 */
/* What only preemptive images have; in others none of it exists. Interrupts masked but where said. */
#pragma once

#include <axtask/features.h>
#include <kernel_guard/kernel_guard.h>
#include <stdbool.h>
#include <stdint.h>

#if AXTASK_FEATURE_PREEMPT

/** This CPU reschedules as soon as no guard is in force. */
static inline void axtask_request_resched(void)
{
	percpu_set(kernel_guard_need_resched, true);
}

/** A thread waits for this CPU: a tick will see to it. */
void axtask_timer_need_tick(void);

/** Give the CPU to another thread if one is runnable; the caller stays runnable. */
void axtask_preempt(void);

/** Account the time up to now to the running thread; true when another should run. */
bool axtask_tick(void);

#else

static inline void axtask_request_resched(void)
{
}

static inline void axtask_timer_need_tick(void)
{
}

#endif
