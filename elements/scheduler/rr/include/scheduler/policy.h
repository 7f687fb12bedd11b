/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Round-robin: first in, first out, but a thread that has run for SCHED_SLICE_NS goes to the end of the queue.
 * One that is preempted before (by who wakes a thread, say) goes to the front and keeps the rest of its slice.
 * Interface: scheduler.h.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <scheduler/queue.h>
#include <scheduler/unlevelled.h>
#include <stdint.h>

#define SCHED_PREEMPTIVE 1
#define SCHED_COUNTS_RUN_TIME 0
#define SCHED_NEEDS_READY_TIME 0
#define SCHED_SLICE_NS	 INT64_C(10000000)

typedef struct sched_entity {
	sched_queue_node_t node;
	int64_t left_ns; /* of the slice; not positive: used up */
} sched_entity_t;

typedef struct sched_run_queue {
	sched_queue_t ready;
} sched_run_queue_t;

static inline void sched_run_queue_init(sched_run_queue_t *rq)
{
	sched_queue_init(&rq->ready);
}

static inline void sched_entity_init(sched_entity_t *e)
{
	*e = (sched_entity_t){ .left_ns = SCHED_SLICE_NS };
}

static inline bool sched_is_empty(const sched_run_queue_t *rq)
{
	return sched_queue_is_empty(&rq->ready);
}

static inline void sched_enqueue(sched_run_queue_t *rq, sched_entity_t *e, [[maybe_unused]] bool woken,
				 [[maybe_unused]] uint64_t now_ns)
{
	e->left_ns = SCHED_SLICE_NS;
	sched_queue_push_back(&rq->ready, &e->node);
}

static inline sched_entity_t *sched_pick_next(sched_run_queue_t *rq)
{
	return (sched_entity_t *)sched_queue_pop_front(&rq->ready); /* the node is the entity's first member */
}

static inline void sched_put_prev(sched_run_queue_t *rq, sched_entity_t *e, bool preempted)
{
	if (preempted && e->left_ns > 0)
		sched_queue_push_front(&rq->ready, &e->node);
	else
		sched_enqueue(rq, e, false, 0);
}

static inline void sched_dequeue(sched_run_queue_t *rq, sched_entity_t *e)
{
	sched_queue_remove(&rq->ready, &e->node);
}

static inline sched_entity_t *sched_find(sched_run_queue_t *rq, bool (*may)(const sched_entity_t *, void *),
					 void *argument)
{
	for (sched_queue_node_t *node = rq->ready.first; node; node = node->next) {
		if (may((sched_entity_t *)node, argument))
			return (sched_entity_t *)node;
	}
	return NULL;
}

static inline bool sched_tick(sched_run_queue_t *rq, sched_entity_t *current, uint64_t elapsed_ns)
{
	current->left_ns -= (int64_t)AX_MIN(elapsed_ns, (uint64_t)SCHED_SLICE_NS);
	if (current->left_ns > 0)
		return false;
	if (!sched_is_empty(rq))
		return true;
	current->left_ns = SCHED_SLICE_NS; /* alone: the next slice */
	return false;
}

static inline ax_err_t sched_set_priority([[maybe_unused]] sched_entity_t *e, [[maybe_unused]] int nice)
{
	return AX_ERR_NOT_SUPPORTED;
}

static inline ax_err_t sched_set_deadline([[maybe_unused]] sched_entity_t *e, [[maybe_unused]] uint64_t relative_ns)
{
	return AX_ERR_NOT_SUPPORTED;
}
