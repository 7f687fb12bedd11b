/* SPDX-License-Identifier: Apache-2.0 */
/* Readiness and waiting: see events.h. */
#include "events.h"
#include "core.h"

void axnet_events_change_and_unlock(axnet_events_t *events, irq_state_t state, unsigned on, unsigned off)
{
	unsigned before = atomic_load_explicit(&events->ready, memory_order_relaxed);
	unsigned after = (before & ~off) | on;
	atomic_store_explicit(&events->ready, after, memory_order_release);
	ax_thread_t *waiters = on ? ax_wait_queue_take_all(&events->queue) : NULL;
	if (on && events->watch)
		events->watch(events->context, after);
	ax_wait_queue_unlock_and_wake(&events->queue, state, waiters);
}

void axnet_events_change(axnet_events_t *events, unsigned on, unsigned off)
{
	axnet_events_change_and_unlock(events, ax_wait_queue_lock(&events->queue), on, off);
}

void axnet_events_wake(axnet_events_t *events)
{
	irq_state_t state = ax_wait_queue_lock(&events->queue);
	ax_wait_queue_unlock_and_wake(&events->queue, state, ax_wait_queue_take_all(&events->queue));
}

/* Before sleeping the interface is looked at: what has arrived is there without another thread's help. */
ax_err_t axnet_events_wait(axnet_events_t *events, unsigned wanted, uint64_t deadline_ns)
{
	ax_err_t error = AX_OK;
	if (axnet_events_ready(events) & wanted)
		return AX_OK;
	axnet_poll();
	if (axnet_events_ready(events) & wanted)
		return AX_OK;
	if (deadline_ns == AX_NET_TRY)
		return AX_ERR_WOULD_BLOCK;
	irq_state_t state = ax_wait_queue_lock(&events->queue);
	while (!(axnet_events_ready(events) & wanted) && !error)
		error = ax_wait_queue_sleep_interruptible(&events->queue, deadline_ns);
	ax_wait_queue_unlock(&events->queue, state);
	return axnet_events_ready(events) & wanted ? AX_OK : error;
}

void axnet_events_watch(axnet_events_t *events, ax_net_watch_t *watch, void *context)
{
	irq_state_t state = ax_wait_queue_lock(&events->queue);
	events->watch = watch;
	events->context = context;
	ax_wait_queue_unlock(&events->queue, state);
}
