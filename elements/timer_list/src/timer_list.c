/* SPDX-License-Identifier: Apache-2.0 */
/* Timers in a pairing heap, ordered by (deadline, sequence). */
#include <timer_list/timer_list.h>

static inline bool fires_before(const pairing_heap_node_t *a, const pairing_heap_node_t *b)
{
	const timer_event_t *x = container_of(a, timer_event_t, node), *y = container_of(b, timer_event_t, node);
	return x->deadline_ns < y->deadline_ns || (x->deadline_ns == y->deadline_ns && x->sequence < y->sequence);
}

void timer_list_init(timer_list_t *self)
{
	*self = (timer_list_t)TIMER_LIST_INIT;
}

bool timer_list_add(timer_list_t *self, timer_event_t *event)
{
	event->sequence = self->next_sequence++;
	pairing_heap_insert(&self->heap, &event->node, fires_before);
	return pairing_heap_first(&self->heap) == &event->node;
}

/* The one place that removes, so that the heap's code exists once. */
bool timer_list_cancel(timer_list_t *self, timer_event_t *event)
{
	if (!timer_list_is_pending(event))
		return false;
	pairing_heap_remove(&self->heap, &event->node, fires_before);
	return true;
}

timer_event_t *timer_list_pop_expired(timer_list_t *self, uint64_t now_ns)
{
	pairing_heap_node_t *first = pairing_heap_first(&self->heap);
	if (!first)
		return NULL;
	timer_event_t *event = container_of(first, timer_event_t, node);
	if (event->deadline_ns > now_ns)
		return NULL;
	timer_list_cancel(self, event);
	return event;
}

size_t timer_list_expire(timer_list_t *self, uint64_t now_ns)
{
	size_t fired = 0;
	for (timer_event_t *event; (event = timer_list_pop_expired(self, now_ns)); fired++)
		event->function(event, now_ns);
	return fired;
}
