/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Event: who waits is let through by the setter, and returns without another look at the event, so it may destroy it. An
 * auto-reset event that lets a thread through is never seen set.
 */
#include <axsync/event.h>

void ax_event_init(ax_event_t *event, bool auto_reset)
{
	*event = (ax_event_t){ .auto_reset = auto_reset };
}

/*
 * The queue's lock is never let go while all are taken: one that comes after a later ax_event_clear() is not let through.
 * Who is given up on by its deadline meanwhile leaves by itself.
 */
static ax_thread_t *let_through(ax_event_t *event)
{
	if (!event->auto_reset) {
		event->set = true;
		return ax_wait_queue_take_waiting(&event->waiters);
	}
	ax_thread_t *thread = ax_wait_queue_take_one(&event->waiters);
	if (!thread)
		event->set = true;
	return thread;
}

void ax_event_set(ax_event_t *event)
{
	irq_state_t state = ax_wait_queue_lock(&event->waiters);
	ax_wait_queue_unlock_and_wake(&event->waiters, state, let_through(event));
}

void ax_event_clear(ax_event_t *event)
{
	irq_state_t state = ax_wait_queue_lock(&event->waiters);
	event->set = false;
	ax_wait_queue_unlock(&event->waiters, state);
}

/* The lock is held. */
static bool go_through(ax_event_t *event)
{
	bool set = event->set;
	event->set = set && !event->auto_reset;
	return set;
}

bool ax_event_try_wait(ax_event_t *event)
{
	irq_state_t state = ax_wait_queue_lock(&event->waiters);
	bool through = go_through(event);
	ax_wait_queue_unlock(&event->waiters, state);
	return through;
}

static AX_ALWAYS_INLINE ax_err_t wait(ax_event_t *event, uint64_t deadline_ns, ax_wait_queue_sleep_t *sleep)
{
	irq_state_t state = ax_wait_queue_lock(&event->waiters);
	if (!go_through(event))
		return sleep(&event->waiters, state, deadline_ns); /* woken as one that is let through */
	ax_wait_queue_unlock(&event->waiters, state);
	return AX_OK;
}

ax_err_t ax_event_wait_until(ax_event_t *event, uint64_t deadline_ns)
{
	return wait(event, deadline_ns, ax_wait_queue_unlock_and_sleep);
}

ax_err_t ax_event_wait_interruptible(ax_event_t *event, uint64_t deadline_ns)
{
	return wait(event, deadline_ns, ax_wait_queue_unlock_and_sleep_interruptible);
}

void ax_event_wait(ax_event_t *event)
{
	ax_err_t never = ax_event_wait_until(event, AXTASK_FOREVER);
	(void)never; /* without a deadline there is nothing to fail */
}
