/* SPDX-License-Identifier: Apache-2.0 */
/* The way out of an interrupt: the reschedule that its handler made due. */
#pragma once

#include <kernel_guard/kernel_guard.h>

/** Reschedule if that is due. Interrupts masked, as on return; unmasked during the call, on the interrupted stack. */
static inline void irq_exit_resched(void)
{
#if KERNEL_GUARD_FEATURE_PREEMPT
	while (unlikely(preempt_resched_is_due())) {
		irq_enable();
		kernel_guard_resched();
		irq_disable();
	}
#endif
}
