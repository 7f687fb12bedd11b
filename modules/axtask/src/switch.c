/* SPDX-License-Identifier: Apache-2.0 */
/* Giving way: at a yield, a preemption, the end. */
#include "preempt.h"
#include "switch.h"

#include <axhal/irq.h>
#include <axhal/power.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>

PERCPU_DEFINE(axtask_cpu_t, axtask_cpu) = {};
PERCPU_DEFINE(ax_thread_t *, axtask_running) = NULL;

ax_thread_t *axtask_current(void)
{
	return running();
}

bool axtask_has_runnable(void)
{
	return !run_queue_is_empty(this_cpu());
}

void axtask_make_runnable(ax_thread_t *thread)
{
	run_queue_add(thread);
}

/* After every switch, on the stack that was switched to. */
void axtask_finish_switch(void)
{
	run_queue_switched(this_cpu());
}

ax_thread_t *axtask_wait_for_next(axtask_cpu_t *cpu)
{
	uint64_t since_ns = COUNTS_TIME ? axhal_now_ns() : 0;
	cpu->waiting = true;
	ax_thread_t *next = run_queue_wait(cpu);
	cpu->waiting = false;
	if (COUNTS_TIME) { /* nobody ran meanwhile */
		cpu->running_since_ns = axhal_now_ns();
		AXTASK_COUNT(cpu->counts.idle_ns, cpu->running_since_ns - since_ns);
	}
	return next;
}

void axtask_switch_away(void)
{
	switch_away();
}

void axtask_yield(void)
{
	irq_state_t state = irq_save();
	axtask_cpu_t *cpu = this_cpu();
	if (run_queue_can_exchange(cpu))
		give_way(cpu, false);
	irq_restore(state);
}

#if AXTASK_FEATURE_PREEMPT
void axtask_preempt(void)
{
	axtask_cpu_t *cpu = this_cpu();
	percpu_set(kernel_guard_need_resched, false);
	if (running()->state == AXTASK_RUNNABLE && run_queue_can_exchange(cpu)) {
		AXTASK_COUNT(running()->stats.preemptions, 1);
		give_way(cpu, true);
	}
}

bool axtask_tick(void)
{
	axtask_cpu_t *cpu = this_cpu();
	SPIN_GUARD_RAW(&cpu->lock);
	return !cpu->waiting && report_run_time(cpu, running(), false);
}
#endif

void axtask_end_current(bool detached)
{
	if (axtask_table_ended() == 0)
		axhal_exit(0);
	run_queue_set_fate(this_cpu(), detached ? AXTASK_RELEASED : AXTASK_LEAVES);
	axtask_switch_away();
	PANIC("an ended thread ran");
}

void axtask_idle(void)
{
	for (;;)
		axtask_switch_away();
}

void axtask_run_queue_init(void)
{
	sched_run_queue_init(&this_cpu()->ready);
}

ax_err_t axtask_set_priority(ax_thread_t *thread, int nice)
{
	IRQ_GUARD();
	return sched_set_priority(&thread->sched, nice);
}

ax_err_t axtask_set_deadline(ax_thread_t *thread, uint64_t relative_ns)
{
	IRQ_GUARD();
	return sched_set_deadline(&thread->sched, relative_ns);
}

#if AXTASK_FEATURE_INHERIT

/* What the thread has been lent stays. */
ax_err_t axtask_set_level(ax_thread_t *thread, unsigned level, bool sliced)
{
	if (level >= AXTASK_LEVELS || (level == 0 && !sliced))
		return AX_ERR_OUT_OF_RANGE;
	IRQ_PREEMPT_GUARD(); /* a preemption that becomes due happens at its end */
	axtask_inherit_set_level(thread, level);
	thread->sched.unsliced = !sliced;
	return AX_OK;
}

void axtask_level(const ax_thread_t *thread, unsigned *level, bool *sliced)
{
	sched_level(&thread->sched, level, sliced);
	*level = __atomic_load_n(&thread->inherit.level, __ATOMIC_RELAXED);
}

#else

ax_err_t axtask_set_level(ax_thread_t *thread, unsigned level, bool sliced)
{
	IRQ_PREEMPT_GUARD(); /* a preemption that becomes due happens at its end */
	const ax_err_t error = sched_set_level(&thread->sched, level, sliced);
	if (error != AX_OK || thread != running() || !SCHED_PREEMPTIVE)
		return error;
	axtask_cpu_t *cpu = this_cpu();
	SPIN_GUARD_RAW(&cpu->lock);
	if (sched_tick(&cpu->ready, &thread->sched, 0))
		axtask_request_resched();
	return AX_OK;
}

void axtask_level(const ax_thread_t *thread, unsigned *level, bool *sliced)
{
	sched_level(&thread->sched, level, sliced);
}

#endif

_Static_assert(AXTASK_LEVELS == SCHED_LEVELS, "the policy's");
#ifdef SCHED_SLICE_NS
_Static_assert(AXTASK_SLICE_NS == SCHED_SLICE_NS, "the policy's");
#endif
