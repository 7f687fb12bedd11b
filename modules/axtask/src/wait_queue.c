/* SPDX-License-Identifier: Apache-2.0 */
/* Wait queues: a doubly linked list through the threads, NULL at both ends so that zero bytes are an empty one. */
#include "thread.h"

#include <panic/panic.h>

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

static void remove(ax_thread_t *thread)
{
	ax_wait_queue_t *queue = thread->waiting_on;
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

ax_err_t ax_wait_queue_sleep(ax_wait_queue_t *queue, uint64_t deadline_ns)
{
	ax_thread_t *self = axtask_current();
	self->timed_out = false;
	self->state = AXTASK_WAITING;
	append(queue, self);
	if (deadline_ns != AXTASK_FOREVER)
		axtask_timer_start(self, deadline_ns);
	axtask_switch_away();
	if (deadline_ns != AXTASK_FOREVER)
		axtask_timer_cancel(self);
	return self->timed_out ? AX_ERR_TIMED_OUT : AX_OK;
}

ax_thread_t *ax_wait_queue_wake_one(ax_wait_queue_t *queue)
{
	ax_thread_t *thread = queue->first;
	if (thread) {
		remove(thread);
		axtask_make_runnable(thread);
	}
	return thread;
}

size_t ax_wait_queue_wake_all(ax_wait_queue_t *queue)
{
	size_t count = 0;
	while (ax_wait_queue_wake_one(queue))
		count++;
	return count;
}

void axtask_wait_timed_out(ax_thread_t *thread)
{
	if (thread->state != AXTASK_WAITING)
		return; /* a waker was quicker, and the thread has not run yet to cancel its timer */
	thread->timed_out = true;
	if (thread->waiting_on)
		remove(thread);
	axtask_make_runnable(thread);
}
