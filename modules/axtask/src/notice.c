/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices. The flag is set before the thread's state is looked at, and the thread says that it waits before it looks at
 * the flag: one of the two sees the other, and whoever does ends the wait.
 */
#include "claim.h"
#include "preempt.h"

#include <axhal/smp.h>
#include <kernel_guard/kernel_guard.h>

/* The thread runs, or will: let it be preempted, which serves the notice. In a queue, it is so when it gets its turn. */
static void hurry(ax_thread_t *thread)
{
	if (thread == axtask_current())
		axtask_request_resched();
	else
		axtask_smp_hurry(&thread->smp);
}

void axtask_notify(ax_thread_t *thread)
{
	IRQ_PREEMPT_GUARD();
	__atomic_store_n(&thread->noticed, true, __ATOMIC_SEQ_CST);
	if (!axtask_claim_from(thread, AXTASK_INTERRUPTIBLE)) {
		hurry(thread);
		return;
	}
	thread->wait_result = AX_ERR_INTERRUPTED;
	axtask_leave_wait_queue(thread);
	axtask_make_runnable(thread);
}

bool axtask_has_notice(void)
{
	return __atomic_load_n(&axtask_current()->noticed, __ATOMIC_RELAXED);
}

bool axtask_take_notice(void)
{
	return __atomic_exchange_n(&axtask_current()->noticed, false, __ATOMIC_SEQ_CST);
}
