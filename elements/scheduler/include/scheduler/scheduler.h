/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Run queues behind one interface; the choice `policy` selects the policy.h that fills it, inline. A
 * sched_entity_t lies inside the thread. The thread that runs is in no queue: sched_pick_next() took it out,
 * and it either comes back by sched_put_prev() or sleeps and comes back by sched_enqueue().
 *
 *	SCHED_PREEMPTIVE		1: sched_tick() may ask for preemption, so a timer is worth having
 *	SCHED_COUNTS_RUN_TIME		1: run time is to be reported at each switch too, not only by the tick
 *	SCHED_NEEDS_READY_TIME		1: sched_enqueue() needs the time; else 0 will do
 *	sched_run_queue_init(rq)	empty; a run queue must then stay where it is
 *	sched_entity_init(e)		a new thread, in no queue, of default priority
 *	sched_enqueue(rq, e, woken, now_ns) a thread becomes ready: a new or moved one, or one that slept (woken)
 *	sched_pick_next(rq)		takes out the thread to run; NULL: none is ready
 *	sched_put_prev(rq, e, preempted) the running thread stays ready: preempted, or of its own will (a yield)
 *	sched_dequeue(rq, e)		takes out a thread that is in the queue, to move or end it
 *	sched_find(rq, may, argument)	a ready thread for which may(e, argument) holds, to be dequeued; in their order
 *					where the policy keeps one; NULL: none
 *	sched_tick(rq, current, elapsed_ns) @p current ran that long since it was last told; true: preempt it now
 *	sched_set_priority(e, nice)	-20 (most) to 19; AX_ERR_OUT_OF_RANGE, or AX_ERR_NOT_SUPPORTED by policies that know none
 *	sched_set_deadline(e, relative_ns) how long after becoming ready its work should be done, from the next time on;
 *					UINT64_MAX: no matter when; AX_ERR_NOT_SUPPORTED by policies that know none
 *	SCHED_LEVELS			fixed priorities there are; 1: only level 0, which all threads are of
 *	sched_set_level(e, level, sliced) a higher level runs first; equals take turns if sliced, which level 0 is. From when
 *					@p e is next put into a queue, and for preempting it at once; AX_ERR_OUT_OF_RANGE,
 *					or AX_ERR_NOT_SUPPORTED by policies that know none
 *	sched_level(e, level, sliced)	both as they were set
 *	sched_is_empty(rq)		no thread is ready
 *
 * Where SCHED_COUNTS_RUN_TIME, sched_tick() comes also just before a thread yields or sleeps. With 0 it asks
 * whether a thread that was just enqueued should preempt. No locks: the caller serializes by run queue,
 * interrupts masked if they wake threads. Any context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <scheduler/policy.h>
#include <stdbool.h>
#include <stdint.h>

/** For sched_find(): whether @p e will do. */
typedef bool sched_may_t(const sched_entity_t *e, void *argument);

/* Names that a policy lacks or shapes otherwise are errors here. */
#define SCHED_CHECK_(function, ...)                                                                \
	_Static_assert(__builtin_types_compatible_p(__typeof__(&function), __VA_ARGS__),           \
		       "policy.h does not fill the interface: " #function)
SCHED_CHECK_(sched_run_queue_init, void (*)(sched_run_queue_t *));
SCHED_CHECK_(sched_entity_init, void (*)(sched_entity_t *));
SCHED_CHECK_(sched_enqueue, void (*)(sched_run_queue_t *, sched_entity_t *, bool, uint64_t));
SCHED_CHECK_(sched_pick_next, sched_entity_t *(*)(sched_run_queue_t *));
SCHED_CHECK_(sched_put_prev, void (*)(sched_run_queue_t *, sched_entity_t *, bool));
SCHED_CHECK_(sched_dequeue, void (*)(sched_run_queue_t *, sched_entity_t *));
SCHED_CHECK_(sched_find, sched_entity_t *(*)(sched_run_queue_t *, sched_may_t *, void *));
SCHED_CHECK_(sched_tick, bool (*)(sched_run_queue_t *, sched_entity_t *, uint64_t));
SCHED_CHECK_(sched_set_priority, ax_err_t (*)(sched_entity_t *, int));
SCHED_CHECK_(sched_set_deadline, ax_err_t (*)(sched_entity_t *, uint64_t));
SCHED_CHECK_(sched_set_level, ax_err_t (*)(sched_entity_t *, unsigned, bool));
SCHED_CHECK_(sched_level, void (*)(const sched_entity_t *, unsigned *, bool *));
SCHED_CHECK_(sched_is_empty, bool (*)(const sched_run_queue_t *));
_Static_assert(SCHED_PREEMPTIVE == 0 || SCHED_PREEMPTIVE == 1, "policy.h does not fill the interface");
#undef SCHED_CHECK_
