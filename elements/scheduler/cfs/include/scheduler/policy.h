/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completely fair: each thread's virtual run time advances by its run time over its weight, and the thread that
 * has had least runs. After Linux's CFS (Documentation/scheduler/sched-design-CFS.rst) and its source, weighted
 * fair queueing (Demers, Keshav and Shenker, SIGCOMM 1989), with its weights: a step of nice is a factor of
 * 1.25. The order is kept by a pairing heap in place of the red-black tree. Interface: scheduler.h.
 *
 * min_vruntime never goes back and never passes the least of those that are ready or run: whoever joins starts
 * there, so a newcomer neither starves others nor is starved. One that slept starts up to half a period behind
 * it, which lets what waits for input run soon, and not more, so that sleeping does not save up time.
 * Comparisons are of differences, so virtual time may wrap.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <pairing_heap/pairing_heap.h>
#include <scheduler/unlevelled.h>
#include <stdbool.h>
#include <stdint.h>

#define SCHED_PREEMPTIVE 1
#define SCHED_COUNTS_RUN_TIME 1
#define SCHED_NEEDS_READY_TIME 0

#define SCHED_PERIOD_NS	     UINT64_C(12000000) /* in which each ready thread should run once */
#define SCHED_GRANULARITY_NS UINT64_C(1500000)	/* no slice is shorter */

enum { SCHED_NICE_MIN = -20, SCHED_NICE_MAX = 19, SCHED_WEIGHT_OF_NICE_0 = 1024 };

#pragma GCC visibility push(default)
/** Weights by nice - SCHED_NICE_MIN. */
extern const uint32_t sched_cfs_weights[SCHED_NICE_MAX - SCHED_NICE_MIN + 1];
#pragma GCC visibility pop

typedef struct sched_entity {
	pairing_heap_node_t node;
	uint64_t vruntime_ns;
	uint64_t slice_used_ns;	 /* since it was picked */
	uint64_t sequence;	 /* orders equal virtual run times: first come, first served */
	uint32_t weight;
	uint32_t queued_weight;	 /* what it added to the run queue's sum */
} sched_entity_t;

typedef struct sched_run_queue {
	pairing_heap_t ready; /* by vruntime_ns, sequence */
	uint64_t min_vruntime_ns;
	uint64_t ready_weight;
	uint64_t next_sequence;
} sched_run_queue_t;

static inline void sched_run_queue_init(sched_run_queue_t *rq)
{
	*rq = (sched_run_queue_t){};
}

static inline void sched_entity_init(sched_entity_t *e)
{
	*e = (sched_entity_t){ .weight = SCHED_WEIGHT_OF_NICE_0 };
	pairing_heap_node_init(&e->node);
}

static inline bool sched_is_empty(const sched_run_queue_t *rq)
{
	return !pairing_heap_first(&rq->ready);
}

/* Whether virtual time @p a is before @p b. */
static inline bool sched_cfs_before(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b) < 0;
}

static inline bool sched_cfs_less(const pairing_heap_node_t *x, const pairing_heap_node_t *y)
{
	const sched_entity_t *a = container_of(x, sched_entity_t, node), *b = container_of(y, sched_entity_t, node);
	if (a->vruntime_ns != b->vruntime_ns)
		return sched_cfs_before(a->vruntime_ns, b->vruntime_ns);
	return sched_cfs_before(a->sequence, b->sequence);
}

static inline sched_entity_t *sched_cfs_first(const sched_run_queue_t *rq)
{
	pairing_heap_node_t *first = pairing_heap_first(&rq->ready);
	return first ? container_of(first, sched_entity_t, node) : NULL;
}

/* Virtual time in which @p e runs for @p real_ns. */
static inline uint64_t sched_cfs_virtual(const sched_entity_t *e, uint64_t real_ns)
{
	return real_ns * SCHED_WEIGHT_OF_NICE_0 / e->weight;
}

static inline void sched_cfs_insert(sched_run_queue_t *rq, sched_entity_t *e)
{
	e->sequence = rq->next_sequence++;
	e->queued_weight = e->weight;
	rq->ready_weight += e->weight;
	pairing_heap_insert(&rq->ready, &e->node, sched_cfs_less);
}

static inline void sched_cfs_remove(sched_run_queue_t *rq, sched_entity_t *e)
{
	rq->ready_weight -= e->queued_weight;
	pairing_heap_remove(&rq->ready, &e->node, sched_cfs_less);
}

/* min_vruntime follows the least of @p current and the ready ones, forward only. */
static inline void sched_cfs_advance(sched_run_queue_t *rq, const sched_entity_t *current)
{
	const sched_entity_t *first = sched_cfs_first(rq);
	uint64_t least = current->vruntime_ns;
	if (first && sched_cfs_before(first->vruntime_ns, least))
		least = first->vruntime_ns;
	if (sched_cfs_before(rq->min_vruntime_ns, least))
		rq->min_vruntime_ns = least;
}

/*
 * A thread that slept keeps its virtual time between half a period behind min_vruntime and one period of its
 * own ahead, which it can exceed only by coming from another run queue. Others bring theirs relative to
 * min_vruntime: 0 for a new one.
 */
static inline void sched_enqueue(sched_run_queue_t *rq, sched_entity_t *e, bool woken,
				 [[maybe_unused]] uint64_t now_ns)
{
	if (woken) {
		uint64_t earliest = rq->min_vruntime_ns - SCHED_PERIOD_NS / 2;
		uint64_t latest = rq->min_vruntime_ns + sched_cfs_virtual(e, SCHED_PERIOD_NS);
		if (sched_cfs_before(e->vruntime_ns, earliest))
			e->vruntime_ns = earliest;
		else if (sched_cfs_before(latest, e->vruntime_ns))
			e->vruntime_ns = latest;
	} else {
		e->vruntime_ns += rq->min_vruntime_ns;
	}
	sched_cfs_insert(rq, e);
}

static inline sched_entity_t *sched_pick_next(sched_run_queue_t *rq)
{
	sched_entity_t *e = sched_cfs_first(rq);
	if (!e)
		return NULL;
	sched_cfs_remove(rq, e);
	e->slice_used_ns = 0;
	sched_cfs_advance(rq, e);
	return e;
}

/* Who yields lets the next one run first, even if that one has had more. */
static inline void sched_put_prev(sched_run_queue_t *rq, sched_entity_t *e, bool preempted)
{
	const sched_entity_t *first = sched_cfs_first(rq);
	if (!preempted && first && sched_cfs_before(e->vruntime_ns, first->vruntime_ns))
		e->vruntime_ns = first->vruntime_ns;
	sched_cfs_insert(rq, e);
}

/* Its virtual time becomes relative to min_vruntime, as sched_enqueue() of whichever run queue wants it. */
static inline void sched_dequeue(sched_run_queue_t *rq, sched_entity_t *e)
{
	sched_cfs_remove(rq, e);
	e->vruntime_ns -= rq->min_vruntime_ns;
}

static inline sched_entity_t *sched_find(sched_run_queue_t *rq, bool (*may)(const sched_entity_t *, void *),
					 void *argument)
{
	for (pairing_heap_node_t *node = pairing_heap_first(&rq->ready); node; node = pairing_heap_next(node)) {
		sched_entity_t *e = container_of(node, sched_entity_t, node);
		if (may(e, argument))
			return e;
	}
	return NULL;
}

static inline bool sched_tick(sched_run_queue_t *rq, sched_entity_t *current, uint64_t elapsed_ns)
{
	current->vruntime_ns += sched_cfs_virtual(current, elapsed_ns);
	current->slice_used_ns += elapsed_ns;
	sched_cfs_advance(rq, current);
	const sched_entity_t *first = sched_cfs_first(rq);
	if (!first)
		return false;
	uint64_t slice = SCHED_PERIOD_NS * current->weight / (rq->ready_weight + current->weight);
	if (current->slice_used_ns >= AX_MAX(slice, SCHED_GRANULARITY_NS))
		return true;
	return (int64_t)(current->vruntime_ns - first->vruntime_ns) >
	       (int64_t)sched_cfs_virtual(current, SCHED_GRANULARITY_NS);
}

/* A ready thread's share of the run queue's sum changes when it is next put back. */
static inline ax_err_t sched_set_priority(sched_entity_t *e, int nice)
{
	if (nice < SCHED_NICE_MIN || nice > SCHED_NICE_MAX)
		return AX_ERR_OUT_OF_RANGE;
	e->weight = sched_cfs_weights[nice - SCHED_NICE_MIN];
	return AX_OK;
}

static inline ax_err_t sched_set_deadline([[maybe_unused]] sched_entity_t *e, [[maybe_unused]] uint64_t relative_ns)
{
	return AX_ERR_NOT_SUPPORTED;
}
