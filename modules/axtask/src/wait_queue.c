/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wait queues: a doubly linked list through the threads, NULL at both ends so that zero bytes are an empty one.
 *
 * A thread says that it waits (its state) before it lets go of the queue's lock, and may be claimed and made runnable
 * from then on, even before it has left its CPU. Neither it nor its waker touches the queue after the thread has been
 * made runnable: the owner may then destroy it.
 */
#include "claim.h"
#include "preempt.h"
#include "switch.h"

#include <axhal/cpu.h>

static void append(ax_wait_queue_t *queue, ax_thread_t *thread)
{
	thread->waiting_on = queue;
	thread->wait_next = NULL;
	thread->wait_prev = queue->last;
	if (queue->last)
		queue->last->wait_next = thread;
	else
		queue->first = thread;
	queue->last = thread;
}

static void prepend(ax_wait_queue_t *queue, ax_thread_t *thread)
{
	thread->waiting_on = queue;
	thread->wait_prev = NULL;
	thread->wait_next = queue->first;
	if (queue->first)
		queue->first->wait_prev = thread;
	else
		queue->last = thread;
	queue->first = thread;
}

static void remove(ax_wait_queue_t *queue, ax_thread_t *thread)
{
	if (thread->wait_prev)
		thread->wait_prev->wait_next = thread->wait_next;
	else
		queue->first = thread->wait_next;
	if (thread->wait_next)
		thread->wait_next->wait_prev = thread->wait_prev;
	else
		queue->last = thread->wait_prev;
	thread->waiting_on = NULL;
}

/* The caller is in the queue; lets go of its lock. False: the caller has a notice, and does not wait. */
static AX_ALWAYS_INLINE bool start_waiting(ax_wait_queue_t *queue, ax_thread_t *self, bool interruptible)
{
	self->wait_result = AX_OK;
	axtask_set_waiting(self, interruptible ? AXTASK_INTERRUPTIBLE : AXTASK_WAITING);
	bool waits = true;
	if (interruptible && unlikely(axtask_has_notice()) && axtask_claim_from(self, AXTASK_INTERRUPTIBLE)) {
		remove(queue, self);
		waits = false;
	}
	spin_raw_unlock(&queue->lock.raw);
	return waits;
}

/* It may have been woken already: then the switch ends at once. */
static AX_ALWAYS_INLINE ax_err_t finish_waiting(ax_thread_t *self, uint64_t deadline_ns)
{
	if (deadline_ns != AXTASK_FOREVER)
		axtask_deadline_start(self, deadline_ns);
	switch_away();
	if (deadline_ns != AXTASK_FOREVER)
		ax_timer_cancel(&self->timer);
	if (AXTASK_FEATURE_PREEMPT && unlikely(axtask_has_notice()))
		axtask_request_resched(); /* it came during a wait that it could not end */
	return self->wait_result;
}

ax_err_t ax_wait_queue_block(ax_wait_queue_t *queue, uint64_t deadline_ns, bool interruptible)
{
	ax_thread_t *self = axtask_current();
	append(queue, self);
	return start_waiting(queue, self, interruptible) ? finish_waiting(self, deadline_ns) : AX_ERR_INTERRUPTED;
}

ax_err_t ax_wait_queue_block_first(ax_wait_queue_t *queue, uint64_t deadline_ns, bool interruptible)
{
	ax_thread_t *self = axtask_current();
	prepend(queue, self);
	return start_waiting(queue, self, interruptible) ? finish_waiting(self, deadline_ns) : AX_ERR_INTERRUPTED;
}

ax_err_t ax_wait_queue_do_and_block(ax_wait_queue_t *queue, void (*action)(void *argument), void *argument,
				    uint64_t deadline_ns, bool interruptible)
{
	ax_thread_t *self = axtask_current();
	append(queue, self);
	bool waits = start_waiting(queue, self, interruptible);
	action(argument);
	return waits ? finish_waiting(self, deadline_ns) : AX_ERR_INTERRUPTED;
}

/*
 * One whose deadline or notice came first is still in the queue: who has claimed it is about to take it out, and needs
 * the lock for that. On one CPU there is never such a one.
 */
ax_thread_t *ax_wait_queue_take_one(ax_wait_queue_t *queue)
{
	ax_thread_t *thread;
	while ((thread = queue->first) && unlikely(!axtask_claim_queued(thread))) {
		spin_raw_unlock(&queue->lock.raw);
		axhal_cpu_relax();
		spin_raw_lock(&queue->lock.raw);
	}
	if (!thread)
		return NULL;
	queue->first = thread->wait_next;
	if (queue->first)
		queue->first->wait_prev = NULL;
	else
		queue->last = NULL;
	thread->waiting_on = NULL;
	thread->wait_next = NULL;
	return thread;
}

ax_thread_t *ax_wait_queue_take_all(ax_wait_queue_t *queue)
{
	ax_thread_t *first = ax_wait_queue_take_one(queue);
	for (ax_thread_t *last = first; last; last = last->wait_next)
		last->wait_next = ax_wait_queue_take_one(queue);
	return first;
}

ax_thread_t *ax_wait_queue_take_waiting(ax_wait_queue_t *queue)
{
	ax_thread_t *first = NULL, **link = &first;
	for (ax_thread_t *thread = queue->first, *next; thread; thread = next) {
		next = thread->wait_next;
		if (!axtask_claim_queued(thread))
			continue;
		remove(queue, thread);
		*link = thread;
		link = &thread->wait_next;
	}
	*link = NULL;
	return first;
}

ax_thread_t *ax_wait_queue_next_taken(const ax_thread_t *thread)
{
	return thread->wait_next;
}

ax_thread_t *ax_wait_queue_cut_taken(ax_thread_t *thread)
{
	ax_thread_t *rest = thread->wait_next;
	thread->wait_next = NULL;
	return rest;
}

/* From the change of its state on, a thread may be claimed again. */
void ax_wait_queue_add_taken(ax_wait_queue_t *queue, ax_thread_t *threads)
{
	while (threads) {
		ax_thread_t *next = threads->wait_next;
		append(queue, threads);
		axtask_set_waiting(threads, AXTASK_REQUEUED);
		threads = next;
	}
}

static AX_ALWAYS_INLINE size_t wake(ax_thread_t *threads)
{
	size_t count = 0;
	while (threads) {
		ax_thread_t *next = threads->wait_next; /* it may run, wait and end at once */
		axtask_make_runnable(threads);
		threads = next;
		count++;
	}
	return count;
}

void ax_wait_queue_unlock_and_wake(ax_wait_queue_t *queue, irq_state_t state, ax_thread_t *threads)
{
	spin_raw_unlock(&queue->lock.raw);
	wake(threads);
	irq_restore(state);
	preempt_enable();
}

ax_thread_t *ax_wait_queue_wake_one(ax_wait_queue_t *queue)
{
	ax_thread_t *thread = ax_wait_queue_take_one(queue);
	if (thread)
		axtask_make_runnable(thread);
	return thread;
}

size_t ax_wait_queue_wake_all(ax_wait_queue_t *queue)
{
	return wake(ax_wait_queue_take_all(queue));
}

void axtask_take_out(ax_wait_queue_t *queue, ax_thread_t *thread)
{
	remove(queue, thread);
	thread->wait_next = NULL;
}

void axtask_leave_wait_queue(ax_thread_t *thread)
{
	ax_wait_queue_t *queue = thread->waiting_on;
	if (!queue)
		return;
	SPIN_GUARD_RAW(&queue->lock.raw);
	remove(queue, thread);
}
