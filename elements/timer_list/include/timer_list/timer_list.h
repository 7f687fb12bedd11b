/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers by deadline. A timer_event_t lies inside what waits, so nothing is allocated; adding is O(1), cancelling and
 * expiring O(log n) amortized (element pairing_heap). Events fire in the order of their deadlines, equal ones
 * in the order in which they were added. Times are nanoseconds of any one clock.
 *
 * No locks: the caller serializes. Any context. An event must stay where it is while it is in a list.
 */
#pragma once

#include <base/base.h>
#include <pairing_heap/pairing_heap.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

#define TIMER_LIST_NEVER UINT64_MAX /* the next deadline of an empty list */

typedef struct timer_event {
	uint64_t deadline_ns;
	void (*function)(struct timer_event *event, uint64_t now_ns); /* for timer_list_expire() */
	pairing_heap_node_t node;
	uint64_t sequence; /* the list's; orders equal deadlines */
} timer_event_t;

typedef struct timer_list {
	pairing_heap_t heap;
	uint64_t next_sequence;
} timer_list_t;

#define TIMER_LIST_INIT { PAIRING_HEAP_INIT, 0 }

void timer_list_init(timer_list_t *self);

/** Make @p event one that is in no list. Needed once, before timer_list_is_pending() or timer_list_cancel(). */
static inline void timer_list_event_init(timer_event_t *event)
{
	pairing_heap_node_init(&event->node);
}

/** Whether @p event is in a list: added, neither fired nor cancelled. */
static inline bool timer_list_is_pending(const timer_event_t *event)
{
	return pairing_heap_is_linked(&event->node);
}

/** Add @p event, which is in no list; its deadline and function are set. True if it is now the first to fire. */
bool timer_list_add(timer_list_t *self, timer_event_t *event);

/** Take @p event out again. False if it was in no list: it has fired, or was never added. */
bool timer_list_cancel(timer_list_t *self, timer_event_t *event);

/** The earliest deadline; TIMER_LIST_NEVER if the list is empty. */
static inline uint64_t timer_list_next_deadline(const timer_list_t *self)
{
	pairing_heap_node_t *first = pairing_heap_first(&self->heap);
	return first ? container_of(first, timer_event_t, node)->deadline_ns : TIMER_LIST_NEVER;
}

/**
 * Take out the first event whose deadline is at or before @p now_ns; NULL if there is none. For who drops a
 * lock before calling the event's function.
 */
timer_event_t *timer_list_pop_expired(timer_list_t *self, uint64_t now_ns);

/**
 * Take out and call every event whose deadline is at or before @p now_ns, in order. A function may add and
 * cancel, itself included; what it adds with a deadline that has passed fires in the same call. Returns how
 * many fired.
 */
size_t timer_list_expire(timer_list_t *self, uint64_t now_ns);

#pragma GCC visibility pop
