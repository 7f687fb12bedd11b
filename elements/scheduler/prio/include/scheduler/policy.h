/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fixed priorities: of the ready threads one of the highest level runs, and one that becomes ready with a higher level
 * than the running thread's preempts it. These are the scheduling policies of POSIX.1-2017, 2.8.4: a thread of a level
 * keeps its place at the front when it is preempted, and goes behind its equals when it becomes ready, yields, or,
 * if it is sliced (SCHED_RR), has run for SCHED_SLICE_NS. Level 0 is everybody else (SCHED_OTHER): sliced.
 * Interface: scheduler.h.
 *
 * A queue for each level, and a bit for each queue that is not empty: finding the next thread takes the same time
 * whatever their number. Nothing is promised to lower levels: a thread that never sleeps starves them.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <scheduler/queue.h>
#include <stdint.h>

#define SCHED_PREEMPTIVE 1
#define SCHED_COUNTS_RUN_TIME 0
#define SCHED_NEEDS_READY_TIME 0
#define SCHED_LEVELS 33
#define SCHED_SLICE_NS	 INT64_C(10000000)

typedef struct sched_entity {
	sched_queue_node_t node;
	int64_t left_ns;       /* of the slice; not positive: used up */
	unsigned level;        /* below SCHED_LEVELS; as it is to be from when it is next put into a queue */
	unsigned queued_level; /* of the queue that it is in */
	bool unsliced;
} sched_entity_t;

typedef struct sched_run_queue {
	sched_queue_t ready[SCHED_LEVELS];
	uint64_t filled; /* bit n: ready[n] is not empty */
} sched_run_queue_t;

static inline void sched_run_queue_init(sched_run_queue_t *rq)
{
	for (unsigned level = 0; level < SCHED_LEVELS; level++)
		sched_queue_init(&rq->ready[level]);
	rq->filled = 0;
}

static inline void sched_entity_init(sched_entity_t *e)
{
	*e = (sched_entity_t){ .left_ns = SCHED_SLICE_NS };
}

static inline bool sched_is_empty(const sched_run_queue_t *rq)
{
	return !rq->filled;
}

/* The queue is not empty. */
static inline unsigned sched_prio_highest(const sched_run_queue_t *rq)
{
	return 63 - (unsigned)__builtin_clzll(rq->filled);
}

/* Another CPU may set the level meanwhile: one look. */
static inline sched_queue_t *sched_prio_fill(sched_run_queue_t *rq, sched_entity_t *e)
{
	const unsigned level = __atomic_load_n(&e->level, __ATOMIC_RELAXED);
	e->queued_level = level;
	rq->filled |= UINT64_C(1) << level;
	return &rq->ready[level];
}

static inline void sched_prio_drained(sched_run_queue_t *rq, unsigned level)
{
	if (sched_queue_is_empty(&rq->ready[level]))
		rq->filled &= ~(UINT64_C(1) << level);
}

static inline void sched_enqueue(sched_run_queue_t *rq, sched_entity_t *e, [[maybe_unused]] bool woken,
				 [[maybe_unused]] uint64_t now_ns)
{
	e->left_ns = SCHED_SLICE_NS;
	sched_queue_push_back(sched_prio_fill(rq, e), &e->node);
}

static inline sched_entity_t *sched_pick_next(sched_run_queue_t *rq)
{
	if (sched_is_empty(rq))
		return NULL;
	const unsigned level = sched_prio_highest(rq);
	sched_queue_node_t *node = sched_queue_pop_front(&rq->ready[level]);
	sched_prio_drained(rq, level);
	return (sched_entity_t *)node; /* the node is the entity's first member */
}

static inline void sched_put_prev(sched_run_queue_t *rq, sched_entity_t *e, bool preempted)
{
	if (preempted && (e->unsliced || e->left_ns > 0))
		sched_queue_push_front(sched_prio_fill(rq, e), &e->node);
	else
		sched_enqueue(rq, e, false, 0);
}

static inline void sched_dequeue(sched_run_queue_t *rq, sched_entity_t *e)
{
	sched_queue_remove(&rq->ready[e->queued_level], &e->node);
	sched_prio_drained(rq, e->queued_level);
}

static inline sched_entity_t *sched_find(sched_run_queue_t *rq, bool (*may)(const sched_entity_t *, void *),
					 void *argument)
{
	for (uint64_t left = rq->filled; left;) {
		const unsigned level = 63 - (unsigned)__builtin_clzll(left);
		for (sched_queue_node_t *node = rq->ready[level].first; node; node = node->next) {
			if (may((sched_entity_t *)node, argument))
				return (sched_entity_t *)node;
		}
		left &= ~(UINT64_C(1) << level);
	}
	return NULL;
}

static inline bool sched_tick(sched_run_queue_t *rq, sched_entity_t *current, uint64_t elapsed_ns)
{
	if (!current->unsliced)
		current->left_ns -= (int64_t)AX_MIN(elapsed_ns, (uint64_t)SCHED_SLICE_NS);
	if (!sched_is_empty(rq) && sched_prio_highest(rq) > current->level)
		return true;
	if (current->unsliced || current->left_ns > 0)
		return false;
	if (!sched_is_empty(rq) && sched_prio_highest(rq) == current->level)
		return true;
	current->left_ns = SCHED_SLICE_NS; /* without equals: the next slice */
	return false;
}

static inline ax_err_t sched_set_level(sched_entity_t *e, unsigned level, bool sliced)
{
	if (level >= SCHED_LEVELS || (level == 0 && !sliced))
		return AX_ERR_OUT_OF_RANGE;
	__atomic_store_n(&e->level, level, __ATOMIC_RELAXED);
	e->unsliced = !sliced;
	return AX_OK;
}

/**
 * @p e is of another level from now on. If it is ready in @p rq it moves there: behind its equals if the level is higher, before
 * them if it is lower. Whether it was.
 */
static inline bool sched_prio_move(sched_run_queue_t *rq, sched_entity_t *e, unsigned level)
{
	const bool higher = level > e->level;
	const sched_queue_node_t *node = rq->ready[e->queued_level].first;
	__atomic_store_n(&e->level, level, __ATOMIC_RELAXED);
	while (node && node != &e->node)
		node = node->next;
	if (!node)
		return false;
	sched_dequeue(rq, e);
	if (higher)
		sched_queue_push_back(sched_prio_fill(rq, e), &e->node);
	else
		sched_queue_push_front(sched_prio_fill(rq, e), &e->node);
	return true;
}

static inline void sched_level(const sched_entity_t *e, unsigned *level, bool *sliced)
{
	*level = e->level;
	*sliced = !e->unsliced;
}

static inline ax_err_t sched_set_priority([[maybe_unused]] sched_entity_t *e, [[maybe_unused]] int nice)
{
	return AX_ERR_NOT_SUPPORTED;
}

static inline ax_err_t sched_set_deadline([[maybe_unused]] sched_entity_t *e, [[maybe_unused]] uint64_t relative_ns)
{
	return AX_ERR_NOT_SUPPORTED;
}
