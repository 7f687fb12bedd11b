/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way out of an interrupt: the reschedule that its handler made due. Interrupts stay masked until the frame is left:
 * else each one that comes on the way out would leave another frame on the stack, and a storm of them fill it.
 */
#pragma once

#include <kernel_guard/kernel_guard.h>

/** Reschedule if that is due. Interrupts masked, as on return. */
static inline void irq_exit_resched(void)
{
#if KERNEL_GUARD_FEATURE_PREEMPT
	if (unlikely(preempt_resched_is_due()))
		kernel_guard_resched();
#endif
}
