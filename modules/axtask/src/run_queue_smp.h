/* SPDX-License-Identifier: Apache-2.0 */
/* The run queue of one of several CPUs. See run_queue.h; what is not on the way of a switch is in smp.c. */
#pragma once

#include "preempt.h"

/** smp.c: make @p thread, which is in no queue, ready on a CPU that it may run on. */
void axtask_place(ax_thread_t *thread, bool woken);

/** smp.c: the next thread, of another CPU's queue if need be; waits for one, on the stack of the running thread if it
 *  stays, or else on the idle thread's, which is then what is returned. */
ax_thread_t *axtask_smp_wait(axtask_cpu_t *cpu);

/** smp.c: what its fate wants of a thread that was just left. */
void axtask_meet_fate(ax_thread_t *left, axtask_fate_t fate);

static AX_ALWAYS_INLINE bool run_queue_is_empty(axtask_cpu_t *cpu)
{
	return atomic_load_explicit(&cpu->smp.ready_count, memory_order_relaxed) == 0;
}

static inline void run_queue_count(axtask_cpu_t *cpu, int by)
{
	unsigned count = atomic_load_explicit(&cpu->smp.ready_count, memory_order_relaxed);
	atomic_store_explicit(&cpu->smp.ready_count, count + (unsigned)by, memory_order_relaxed);
}

static AX_ALWAYS_INLINE bool may_run_on(const ax_thread_t *thread, unsigned cpu)
{
	return atomic_load_explicit(&thread->smp.affinity, memory_order_relaxed) >> cpu & 1;
}

/** Whether the running thread should give way at a yield or a preemption. */
static AX_ALWAYS_INLINE bool run_queue_can_exchange(axtask_cpu_t *cpu)
{
	return !run_queue_is_empty(cpu) || unlikely(!may_run_on(running(), axhal_cpu_id()));
}

/* A thread that may not run here any more goes elsewhere: the running one once the idle thread has its CPU. */
static inline ax_thread_t *run_queue_check(axtask_cpu_t *cpu, ax_thread_t *next)
{
	if (!next || likely(may_run_on(next, axhal_cpu_id())))
		return next;
	if (next == running()) {
		cpu->smp.fate = AXTASK_MIGRATES;
		return cpu->smp.idle;
	}
	axtask_place(next, true);
	return NULL;
}

static AX_ALWAYS_INLINE ax_thread_t *run_queue_take(axtask_cpu_t *cpu)
{
	for (;;) {
		spin_raw_lock(&cpu->lock);
		ax_thread_t *next = thread_of(sched_pick_next(&cpu->ready));
		if (next)
			run_queue_count(cpu, -1);
		spin_raw_unlock(&cpu->lock);
		if (!next || likely(next = run_queue_check(cpu, next)))
			return next;
	}
}

/** Takes out the next thread; NULL if none is ready. The running one is about to leave. */
static AX_ALWAYS_INLINE ax_thread_t *run_queue_next(axtask_cpu_t *cpu)
{
	ax_thread_t *self = running();
	if (COUNTS_TIME && self != cpu->smp.idle) {
		SPIN_GUARD_RAW(&cpu->lock);
		(void)report_run_time(cpu, self, __atomic_load_n(&self->state, __ATOMIC_RELAXED) == AXTASK_RUNNABLE);
	}
	return run_queue_take(cpu);
}

/** The running thread goes back into the queue, if it may stay on this CPU, and the next comes out. */
static AX_ALWAYS_INLINE ax_thread_t *run_queue_exchange(axtask_cpu_t *cpu, bool preempted)
{
	ax_thread_t *self = running();
	if (unlikely(!may_run_on(self, axhal_cpu_id()))) {
		cpu->smp.fate = AXTASK_MIGRATES;
		return run_queue_next(cpu);
	}
	spin_raw_lock(&cpu->lock);
	if (COUNTS_TIME)
		(void)report_run_time(cpu, self, false);
	sched_put_prev(&cpu->ready, &self->sched, preempted);
	ax_thread_t *next = thread_of(sched_pick_next(&cpu->ready));
	spin_raw_unlock(&cpu->lock);
	next = run_queue_check(cpu, next);
	return likely(next) ? next : run_queue_take(cpu);
}

static inline void run_queue_add(ax_thread_t *thread)
{
	axtask_place(thread, true);
}

static inline ax_thread_t *run_queue_wait(axtask_cpu_t *cpu)
{
	return axtask_smp_wait(cpu);
}

/** The running thread will not run again here; what then becomes of it. */
static inline void run_queue_set_fate(axtask_cpu_t *cpu, axtask_fate_t fate)
{
	cpu->smp.fate = fate;
}

/** @p next is about to run. */
static AX_ALWAYS_INLINE void run_queue_switching(axtask_cpu_t *cpu, ax_thread_t *previous, ax_thread_t *next)
{
	next->smp.cpu = axhal_cpu_id();
	atomic_store_explicit(&next->smp.on_cpu, true, memory_order_relaxed);
	cpu->smp.left = previous;
}

/** The thread before is left: on the next one's stack. From here on others may run or release it. */
static AX_ALWAYS_INLINE void run_queue_switched(axtask_cpu_t *cpu)
{
	ax_thread_t *left = cpu->smp.left;
	axtask_fate_t fate = cpu->smp.fate;
	cpu->smp.fate = AXTASK_STAYS;
	atomic_store_explicit(&left->smp.on_cpu, false, memory_order_release);
	if (unlikely(fate > AXTASK_LEAVES))
		axtask_meet_fate(left, fate);
}
