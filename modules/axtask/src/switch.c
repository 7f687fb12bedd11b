/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run queue and the switch. A thread that blocks with nothing else to run waits for interrupts on its own
 * stack, in axtask_switch_away(): no idle thread, so a wake-up of the thread that just went to sleep, the commonest
 * one on an idle machine, costs no switch at all.
 */
#include "preempt.h"
#include "thread.h"

#include <axhal/irq.h>
#include <axhal/power.h>
#include <axhal/time.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>

static sched_run_queue_t s_run_queue; /* this and what follows: interrupts masked */
static ax_thread_t *s_current;
static ax_thread_t *s_ended; /* a detached thread that has left its stack: to be released by who runs next */

static uint64_t s_running_since_ns; /* run time up to here has been reported to the policy */

static bool report_run_time(uint64_t now_ns)
{
	uint64_t elapsed_ns = now_ns - s_running_since_ns;
	s_running_since_ns = now_ns;
	return sched_tick(&s_run_queue, &s_current->sched, elapsed_ns);
}

void axtask_run_queue_init(ax_thread_t *main_thread)
{
	sched_run_queue_init(&s_run_queue);
	sched_entity_init(&main_thread->sched);
	s_current = main_thread;
}

ax_thread_t *axtask_current(void)
{
	return s_current;
}

bool axtask_has_runnable(void)
{
	return !sched_is_empty(&s_run_queue);
}

void axtask_make_runnable(ax_thread_t *thread)
{
	thread->state = AXTASK_RUNNABLE;
	sched_enqueue(&s_run_queue, &thread->sched, true, SCHED_NEEDS_READY_TIME ? axhal_now_ns() : 0);
#if AXTASK_FEATURE_PREEMPT
	axtask_timer_need_tick();
	if (sched_tick(&s_run_queue, &s_current->sched, 0))
		percpu_set(kernel_guard_need_resched, true);
#endif
}

/* The running thread is about to leave the CPU. */
static AX_ALWAYS_INLINE void leave(void)
{
	if (SCHED_COUNTS_RUN_TIME)
		(void)report_run_time(axhal_now_ns());
}

/* Nothing is runnable: wait until an interrupt makes something so. It must not switch here. */
__attribute__((noinline, cold)) static sched_entity_t *wait_for_next(void)
{
	sched_entity_t *next;
	preempt_disable();
	while (!(next = sched_pick_next(&s_run_queue))) {
		axhal_wait_for_irq();
		irq_disable();
	}
	preempt_enable();
	return next;
}

/* The next thread to run; waits for one if need be. */
static AX_ALWAYS_INLINE ax_thread_t *pick_next(void)
{
	sched_entity_t *next = sched_pick_next(&s_run_queue);
	if (unlikely(!next))
		next = wait_for_next();
	return container_of(next, ax_thread_t, sched);
}

__attribute__((noinline, cold)) static void release_ended(void)
{
	ax_thread_t *ended = s_ended;
	s_ended = NULL;
	axtask_release(ended);
}

static AX_ALWAYS_INLINE void finish_switch(void)
{
	if (unlikely(s_ended))
		release_ended();
}

/* After every switch, on the stack that was switched to. */
void axtask_finish_switch(void)
{
	finish_switch();
}

static AX_ALWAYS_INLINE void switch_to(ax_thread_t *next)
{
	ax_thread_t *previous = s_current;
	if (next == previous)
		return;
	unsigned held = preempt_count(); /* the lock of a wait queue may be held */
	s_current = next;
	axhal_context_switch(&previous->context, &next->context);
	preempt_count_restore(held);
	finish_switch();
}

/* The caller is in no run queue: it waits or has ended. */
void axtask_switch_away(void)
{
	leave();
	switch_to(pick_next());
}

void axtask_yield(void)
{
	irq_state_t state = irq_save();
	if (!sched_is_empty(&s_run_queue)) {
		leave();
		sched_put_prev(&s_run_queue, &s_current->sched, false);
		switch_to(pick_next());
	}
	irq_restore(state);
}

#if AXTASK_FEATURE_PREEMPT
void axtask_preempt(void)
{
	irq_state_t state = irq_save();
	percpu_set(kernel_guard_need_resched, false);
	if (s_current->state == AXTASK_RUNNABLE && !sched_is_empty(&s_run_queue)) {
		leave();
		sched_put_prev(&s_run_queue, &s_current->sched, true);
		switch_to(pick_next());
	}
	irq_restore(state);
}

bool axtask_tick(uint64_t now_ns)
{
	return report_run_time(now_ns);
}
#endif

void axtask_end_current(void)
{
	s_current->state = AXTASK_ENDED;
	axtask_table_ended();
	if (axtask_living() == 0)
		axhal_exit(0);
	if (s_current->detached)
		s_ended = s_current;
	axtask_switch_away();
	PANIC("an ended thread ran");
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
