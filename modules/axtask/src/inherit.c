/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Priority inheritance. Who lends to whom is a forest (a cycle is a deadlock): each thread waits for one thing at a time,
 * and many may wait for what it has. One lock guards all of it: these paths are taken only when threads wait for an
 * inheriting mutex, and a change may go through a chain of any length.
 *
 * A thread that is lent a higher level while it is ready moves to that level's queue at once, on whatever CPU that is.
 */
#include <axtask/inherit.h>
#include "claim.h"
#include "preempt.h"
#include "run_queue.h"

#include <axhal/cpu.h>
#include <axhal/smp.h>

static irq_spinlock_t s_lock = IRQ_SPINLOCK_INIT; /* every thread's `inherit`, and the level that it runs at; after wait
						     queues' locks, before run queues' */

unsigned axtask_running_level(const ax_thread_t *thread)
{
	return __atomic_load_n(&thread->sched.level, __ATOMIC_RELAXED);
}

/* ------------------------------------------------------------------------------------- the level that a thread runs at */

static void reconsider(axtask_cpu_t *cpu)
{
	if (sched_tick(&cpu->ready, &running()->sched, 0))
		axtask_request_resched();
}

#if AXTASK_FEATURE_SMP

/*
 * The thread may be on its way from one queue to another: its CPU is set before it is put into that one's queue, with
 * the level that is read then. So the level is set first, and the CPU looked at again after.
 */
static void run_at(ax_thread_t *thread, unsigned level)
{
	for (;;) {
		const unsigned number = __atomic_load_n(&thread->smp.cpu, __ATOMIC_SEQ_CST);
		axtask_cpu_t *cpu = percpu_ptr_of(axtask_cpu, number);
		{
			SPIN_GUARD_RAW(&cpu->lock);
			const bool ready = sched_prio_move(&cpu->ready, &thread->sched, level);
			if (cpu == this_cpu())
				reconsider(cpu);
			else if (ready || __atomic_load_n(percpu_ptr_of(axtask_running, number), __ATOMIC_RELAXED) == thread)
				axhal_cpu_wake(number);
		}
		atomic_thread_fence(memory_order_seq_cst);
		if (__atomic_load_n(&thread->smp.cpu, __ATOMIC_SEQ_CST) == number)
			return;
	}
}

#else

static void run_at(ax_thread_t *thread, unsigned level)
{
	axtask_cpu_t *cpu = this_cpu();
	(void)sched_prio_move(&cpu->ready, &thread->sched, level);
	reconsider(cpu);
}

#endif

static unsigned wanted(const ax_thread_t *thread)
{
	unsigned level = thread->inherit.level;
	for (const ax_thread_t *lender = thread->inherit.lenders; lender; lender = lender->inherit.next)
		level = AX_MAX(level, axtask_running_level(lender));
	for (unsigned ceiling = AXTASK_LEVELS - 1; ceiling > level; ceiling--) {
		if (thread->inherit.ceilings[ceiling])
			return ceiling;
	}
	return level;
}

/* Something about @p thread has changed: and so maybe for whom it waits, and so on. A cycle ends where nothing changes. */
static void update(ax_thread_t *thread)
{
	for (; thread; thread = thread->inherit.owner) {
		const unsigned level = wanted(thread);
		if (level == axtask_running_level(thread))
			return;
		run_at(thread, level);
	}
}

/* -------------------------------------------------------------------------------------------------- who lends to whom */

static void link_lender(ax_thread_t *lender, ax_thread_t *owner)
{
	lender->inherit.owner = owner;
	lender->inherit.next = owner->inherit.lenders;
	lender->inherit.link = &owner->inherit.lenders;
	if (lender->inherit.next)
		lender->inherit.next->inherit.link = &lender->inherit.next;
	owner->inherit.lenders = lender;
}

static void unlink_lender(ax_thread_t *lender)
{
	*lender->inherit.link = lender->inherit.next;
	if (lender->inherit.next)
		lender->inherit.next->inherit.link = lender->inherit.link;
	lender->inherit.owner = NULL;
}

/* One that is about to free what it is queued for already, at a condition variable, lends to itself for that long. */
void axtask_inherit_lend(ax_thread_t *waiter, ax_thread_t *owner)
{
	SPIN_GUARD_IRQ(&s_lock);
	link_lender(waiter, owner);
	update(owner);
}

void axtask_inherit_give_up(void)
{
	ax_thread_t *self = axtask_current();
	SPIN_GUARD_IRQ(&s_lock);
	ax_thread_t *owner = self->inherit.owner;
	if (!owner)
		return; /* it was handed over, or has ended, meanwhile */
	unlink_lender(self);
	update(owner);
}

void axtask_inherit_hand_over(ax_thread_t *from, ax_thread_t *to, ax_wait_queue_t *queue)
{
	SPIN_GUARD_IRQ(&s_lock);
	if (to->inherit.owner)
		unlink_lender(to);
	for (ax_thread_t *thread = queue->first; thread; thread = thread->wait_next) {
		if (thread->inherit.owner != from)
			continue;
		unlink_lender(thread);
		link_lender(thread, to);
	}
	update(to);
	update(from);
}

void axtask_inherit_end(ax_thread_t *thread)
{
	SPIN_GUARD_IRQ(&s_lock);
	while (thread->inherit.lenders)
		unlink_lender(thread->inherit.lenders);
}

void axtask_inherit_set_level(ax_thread_t *thread, unsigned level)
{
	SPIN_GUARD_IRQ(&s_lock);
	thread->inherit.level = level;
	update(thread);
}

ax_err_t axtask_ceiling_enter(unsigned level)
{
	ax_thread_t *self = axtask_current();
	if (level >= AXTASK_LEVELS)
		return AX_ERR_OUT_OF_RANGE;
	SPIN_GUARD_IRQ(&s_lock);
	if (self->inherit.level > level)
		return AX_ERR_INVALID_INPUT;
	if (self->inherit.ceilings[level] == UINT16_MAX)
		return AX_ERR_OUT_OF_RANGE;
	self->inherit.ceilings[level]++;
	update(self);
	return AX_OK;
}

void axtask_ceiling_leave(unsigned level)
{
	ax_thread_t *self = axtask_current();
	SPIN_GUARD_IRQ(&s_lock);
	self->inherit.ceilings[level]--;
	update(self);
}

/* ------------------------------------------------------------------------------------------------- who is handed over to */

static ax_thread_t *highest(const ax_wait_queue_t *queue)
{
	ax_thread_t *best = queue->first;
	for (ax_thread_t *thread = best; thread; thread = thread->wait_next) {
		if (axtask_running_level(thread) > axtask_running_level(best))
			best = thread;
	}
	return best;
}

ax_thread_t *ax_wait_queue_take_highest(ax_wait_queue_t *queue)
{
	ax_thread_t *thread;
	while ((thread = highest(queue)) && unlikely(!axtask_claim_queued(thread))) {
		spin_raw_unlock(&queue->lock.raw);
		axhal_cpu_relax();
		spin_raw_lock(&queue->lock.raw);
	}
	if (thread)
		axtask_take_out(queue, thread);
	return thread;
}
