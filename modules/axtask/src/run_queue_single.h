/* SPDX-License-Identifier: Apache-2.0 */
/* The run queue of the only CPU. See run_queue.h. */
#pragma once

#include <axhal/irq.h>
#include <kernel_guard/kernel_guard.h>
#include "preempt.h"

static AX_ALWAYS_INLINE bool run_queue_is_empty(axtask_cpu_t *cpu)
{
	return sched_is_empty(&cpu->ready);
}

/** Whether the running thread should give way at a yield or a preemption. */
static AX_ALWAYS_INLINE bool run_queue_can_exchange(axtask_cpu_t *cpu)
{
	return !run_queue_is_empty(cpu);
}

/** Takes out the next thread; NULL if none is ready. The running one is about to leave. */
static AX_ALWAYS_INLINE ax_thread_t *run_queue_next(axtask_cpu_t *cpu)
{
	if (COUNTS_TIME)
		(void)report_run_time(cpu, running(), false);
	return thread_of(sched_pick_next(&cpu->ready));
}

/** The running thread goes back into the queue, and the next comes out. */
static AX_ALWAYS_INLINE ax_thread_t *run_queue_exchange(axtask_cpu_t *cpu, bool preempted)
{
	if (COUNTS_TIME)
		(void)report_run_time(cpu, running(), false);
	sched_put_prev(&cpu->ready, &running()->sched, preempted);
	sched_entity_t *next = sched_pick_next(&cpu->ready);
	if (!next)
		__builtin_unreachable(); /* at least the running thread is there */
	return thread_of(next);
}

static AX_ALWAYS_INLINE void run_queue_add(ax_thread_t *thread)
{
	axtask_cpu_t *cpu = this_cpu();
	sched_enqueue(&cpu->ready, &thread->sched, true, SCHED_NEEDS_READY_TIME ? axhal_now_ns() : 0);
	axtask_timer_need_tick();
	if (SCHED_PREEMPTIVE && sched_tick(&cpu->ready, &running()->sched, 0))
		axtask_request_resched();
}

/** The next thread; waits for interrupts until there is one, on the stack of the running thread. */
static inline ax_thread_t *run_queue_wait(axtask_cpu_t *cpu)
{
	sched_entity_t *next;
	preempt_disable(); /* an interrupt must not switch here */
	while (!(next = sched_pick_next(&cpu->ready))) {
		axhal_wait_for_irq();
		irq_disable();
	}
	preempt_enable();
	return thread_of(next);
}

/** The running thread will not run again; what then becomes of it. */
static inline void run_queue_set_fate(axtask_cpu_t *cpu, axtask_fate_t fate)
{
	if (fate == AXTASK_RELEASED)
		cpu->smp.left = running();
}

/** @p next is about to run. */
static AX_ALWAYS_INLINE void run_queue_switching([[maybe_unused]] axtask_cpu_t *cpu,
						 [[maybe_unused]] ax_thread_t *previous,
						 [[maybe_unused]] ax_thread_t *next)
{
}

/** The thread before is left: on the next one's stack. */
static AX_ALWAYS_INLINE void run_queue_switched(axtask_cpu_t *cpu)
{
	ax_thread_t *ended = cpu->smp.left;
	if (unlikely(ended)) {
		cpu->smp.left = NULL;
		axtask_release(ended);
	}
}
