/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preemption: kernel_guard calls here when the last guard is left and a rescheduling is due, and axhal on the way out of
 * an interrupt. All of it with interrupts masked, the notice handler unmasks them for what it calls: so interrupts on
 * this way do not pile up on the thread's stack.
 */
#include "preempt.h"

#include <axtask/axtask.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>

static void (*s_notice_handler)(void);

void axtask_on_notice(void (*handler)(void))
{
	s_notice_handler = handler;
}

void kernel_guard_resched(void)
{
	IRQ_GUARD();
	do {
		axtask_preempt();
		if (unlikely(axtask_has_notice()) && s_notice_handler)
			s_notice_handler();
	} while (unlikely(percpu_get(kernel_guard_need_resched)));
}
