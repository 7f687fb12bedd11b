/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Earliest deadline first: of the ready threads the one runs whose deadline is nearest, and one that becomes ready
 * with a nearer deadline than the running thread's preempts it. C. L. Liu and J. W. Layland, "Scheduling algorithms
 * for multiprogramming in a hard-real-time environment", Journal of the ACM 20(1), 1973, section 7: on one
 * CPU, periodic threads whose deadline is their period all meet it if and only if their use of the CPU sums up to
 * no more than 1. The order is kept by a pairing heap. Interface: scheduler.h.
 *
 * A thread's absolute deadline is taken when it becomes ready and holds until it sleeps, past the deadline too.
 * Threads without one run after all that have one. Equal ones, which those without are, run first come, first
 * served: who is preempted keeps its turn, who yields goes behind its equals. Nothing is promised to later ones:
 * a thread with a deadline that never sleeps starves them.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <pairing_heap/pairing_heap.h>
#include <scheduler/unlevelled.h>
#include <stdbool.h>
#include <stdint.h>

#define SCHED_PREEMPTIVE 1
#define SCHED_COUNTS_RUN_TIME 0
#define SCHED_NEEDS_READY_TIME 1

#define SCHED_EDF_NONE UINT64_MAX /* no deadline */

typedef struct sched_entity {
	pairing_heap_node_t node;
	uint64_t deadline_ns; /* absolute, or SCHED_EDF_NONE */
	uint64_t sequence;    /* orders equal deadlines: first come, first served */
	uint64_t relative_ns; /* what the next deadline_ns will be, from when it becomes ready */
} sched_entity_t;

typedef struct sched_run_queue {
	pairing_heap_t ready; /* by deadline_ns, sequence */
	uint64_t next_sequence;
} sched_run_queue_t;

static inline void sched_run_queue_init(sched_run_queue_t *rq)
{
	*rq = (sched_run_queue_t){};
}

static inline void sched_entity_init(sched_entity_t *e)
{
	*e = (sched_entity_t){ .deadline_ns = SCHED_EDF_NONE, .relative_ns = SCHED_EDF_NONE };
	pairing_heap_node_init(&e->node);
}

static inline bool sched_is_empty(const sched_run_queue_t *rq)
{
	return !pairing_heap_first(&rq->ready);
}

static inline bool sched_edf_less(const pairing_heap_node_t *x, const pairing_heap_node_t *y)
{
	const sched_entity_t *a = container_of(x, sched_entity_t, node), *b = container_of(y, sched_entity_t, node);
	if (a->deadline_ns != b->deadline_ns)
		return a->deadline_ns < b->deadline_ns;
	return a->sequence < b->sequence;
}

/* @p relative_ns after @p now_ns; one too far to be told is the last of all, but still a deadline. */
static inline uint64_t sched_edf_deadline(uint64_t now_ns, uint64_t relative_ns)
{
	if (relative_ns == SCHED_EDF_NONE)
		return SCHED_EDF_NONE;
	return relative_ns < SCHED_EDF_NONE - 1 - now_ns ? now_ns + relative_ns : SCHED_EDF_NONE - 1;
}

/* A moved thread keeps its deadline; one that has none yet gets it here. */
static inline void sched_enqueue(sched_run_queue_t *rq, sched_entity_t *e, bool woken, uint64_t now_ns)
{
	if (woken || e->deadline_ns == SCHED_EDF_NONE)
		e->deadline_ns = sched_edf_deadline(now_ns, e->relative_ns);
	e->sequence = rq->next_sequence++;
	pairing_heap_insert(&rq->ready, &e->node, sched_edf_less);
}

static inline sched_entity_t *sched_pick_next(sched_run_queue_t *rq)
{
	pairing_heap_node_t *first = pairing_heap_pop(&rq->ready, sched_edf_less);
	return first ? container_of(first, sched_entity_t, node) : NULL;
}

static inline void sched_put_prev(sched_run_queue_t *rq, sched_entity_t *e, bool preempted)
{
	if (!preempted)
		e->sequence = rq->next_sequence++;
	pairing_heap_insert(&rq->ready, &e->node, sched_edf_less);
}

static inline void sched_dequeue(sched_run_queue_t *rq, sched_entity_t *e)
{
	pairing_heap_remove(&rq->ready, &e->node, sched_edf_less);
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

/* Time alone changes nothing: only who becomes ready can have an earlier deadline. */
static inline bool sched_tick(sched_run_queue_t *rq, sched_entity_t *current, [[maybe_unused]] uint64_t elapsed_ns)
{
	const pairing_heap_node_t *first = pairing_heap_first(&rq->ready);
	return first && container_of(first, const sched_entity_t, node)->deadline_ns < current->deadline_ns;
}

static inline ax_err_t sched_set_priority([[maybe_unused]] sched_entity_t *e, [[maybe_unused]] int nice)
{
	return AX_ERR_NOT_SUPPORTED;
}

static inline ax_err_t sched_set_deadline(sched_entity_t *e, uint64_t relative_ns)
{
	e->relative_ns = relative_ns;
	return AX_OK;
}
