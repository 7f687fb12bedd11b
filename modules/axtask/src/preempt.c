/* SPDX-License-Identifier: Apache-2.0 */
/* Preemption: kernel_guard calls here when the last guard is left and a rescheduling is due. */
#include "preempt.h"

#include <kernel_guard/kernel_guard.h>
#include <kernel_guard/resched.h>

void kernel_guard_resched(void)
{
	axtask_preempt();
}
