/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First in, first out: a thread runs until it yields or sleeps, and the one that has been ready longest is next.
 * Interface: scheduler.h. An entity is one pointer, and each operation a few instructions.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <scheduler/queue.h>
#include <scheduler/unlevelled.h>
#include <stdint.h>

#define SCHED_PREEMPTIVE 0
#define SCHED_COUNTS_RUN_TIME 0
#define SCHED_NEEDS_READY_TIME 0

typedef struct sched_entity {
	sched_queue_node_t node;
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
	e->node.next = NULL;
}

static AX_ALWAYS_INLINE bool sched_is_empty(const sched_run_queue_t *rq)
{
	return sched_queue_is_empty(&rq->ready);
}

static AX_ALWAYS_INLINE void sched_enqueue(sched_run_queue_t *rq, sched_entity_t *e, [[maybe_unused]] bool woken,
					   [[maybe_unused]] uint64_t now_ns)
{
	sched_queue_push_back(&rq->ready, &e->node);
}

static AX_ALWAYS_INLINE sched_entity_t *sched_pick_next(sched_run_queue_t *rq)
{
	return (sched_entity_t *)sched_queue_pop_front(&rq->ready); /* the node is the entity */
}

static AX_ALWAYS_INLINE void sched_put_prev(sched_run_queue_t *rq, sched_entity_t *e, [[maybe_unused]] bool preempted)
{
	sched_queue_push_back(&rq->ready, &e->node);
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

static inline bool sched_tick([[maybe_unused]] sched_run_queue_t *rq, [[maybe_unused]] sched_entity_t *current,
			      [[maybe_unused]] uint64_t elapsed_ns)
{
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
