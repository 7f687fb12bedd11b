/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch, inline in the few places that switch. A thread that blocks with nothing else to run waits for interrupts
 * on its own stack, in axtask_wait_for_next(): a wake-up of the thread that just went to sleep, the commonest one on an
 * idle machine, then costs no switch at all. Interrupts masked.
 */
#pragma once

#include <kernel_guard/kernel_guard.h>
#include "run_queue.h"

/** switch.c: there is no thread to run: wait for one. */
__attribute__((cold)) ax_thread_t *axtask_wait_for_next(axtask_cpu_t *cpu);

/* A guard against preemption may be in force (whoever sleeps came with one): it is the thread's, and waits with it. */
static AX_ALWAYS_INLINE void switch_to(axtask_cpu_t *cpu, ax_thread_t *next)
{
	ax_thread_t *previous = running();
	if (next == previous)
		return;
	unsigned held = preempt_count();
	run_queue_switching(cpu, previous, next);
	percpu_set(axtask_running, next);
	AXTASK_COUNT(cpu->counts.switches, 1);
	AXTASK_COUNT(next->stats.switches, 1);
	axhal_context_switch(&previous->context, &next->context);
	preempt_count_restore(held);
	run_queue_switched(this_cpu()); /* maybe another than before */
}

/* The caller is in no run queue: it waits or has ended. */
static AX_ALWAYS_INLINE void switch_away(void)
{
	axtask_cpu_t *cpu = this_cpu();
	ax_thread_t *next = run_queue_next(cpu);
	if (unlikely(!next))
		next = axtask_wait_for_next(cpu);
	switch_to(cpu, next);
}

/* The caller stays runnable; run_queue_can_exchange(). */
static AX_ALWAYS_INLINE void give_way(axtask_cpu_t *cpu, bool preempted)
{
	ax_thread_t *next = run_queue_exchange(cpu, preempted);
	if (unlikely(!next))
		next = axtask_wait_for_next(cpu);
	switch_to(cpu, next);
}
