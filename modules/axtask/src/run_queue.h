/* SPDX-License-Identifier: Apache-2.0 */
/* This CPU's run queue, and which thread runs. Interrupts masked for all of it. */
#pragma once

#include <axhal/time.h>
#include <base/base.h>
#include "cpu.h"

/* Run time is told to the policy, or counted, at each switch. */
enum { COUNTS_TIME = SCHED_COUNTS_RUN_TIME || AXTASK_FEATURE_STATS };

static AX_ALWAYS_INLINE axtask_cpu_t *this_cpu(void)
{
	return percpu_ptr(axtask_cpu);
}

static AX_ALWAYS_INLINE ax_thread_t *running(void)
{
	return percpu_get(axtask_running);
}

static AX_ALWAYS_INLINE ax_thread_t *thread_of(sched_entity_t *e)
{
	return e ? container_of(e, ax_thread_t, sched) : NULL;
}

/*
 * The time since the last report goes to the running thread. Run queue locked. Whether another should run.
 * @param queued  it may be in the queue already, woken before it has left the CPU: the policy must not be told any more
 */
static inline bool report_run_time(axtask_cpu_t *cpu, ax_thread_t *thread, bool queued)
{
	uint64_t now_ns = axhal_now_ns();
	uint64_t elapsed_ns = now_ns - cpu->running_since_ns;
	cpu->running_since_ns = now_ns;
	AXTASK_COUNT(thread->stats.run_ns, elapsed_ns);
	return !queued && sched_tick(&cpu->ready, &thread->sched, elapsed_ns);
}

#if AXTASK_FEATURE_SMP
#include "run_queue_smp.h"
#else
#include "run_queue_single.h"
#endif
