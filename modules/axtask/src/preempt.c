/* SPDX-License-Identifier: Apache-2.0 */
/* Preemption: kernel_guard calls here when the last guard is left and a rescheduling is due. */
#include "preempt.h"

#include <axtask/axtask.h>
#include <base/base.h>
#include <kernel_guard/resched.h>

static void (*s_notice_handler)(void);

void axtask_on_notice(void (*handler)(void))
{
	s_notice_handler = handler;
}

void kernel_guard_resched(void)
{
	axtask_preempt();
	if (unlikely(axtask_has_notice()) && s_notice_handler)
		s_notice_handler();
}
