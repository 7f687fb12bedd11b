/* SPDX-License-Identifier: Apache-2.0 */
/* A queue in an array: the model of the policies that keep order of arrival. */
#pragma once

#include <axtest.h>
#include <scheduler/scheduler.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_THREADS = 50 };

typedef struct model {
	sched_entity_t *order[MODEL_THREADS];
	size_t count;
} model_t;

static inline void model_insert(model_t *m, size_t at, sched_entity_t *e)
{
	memmove(m->order + at + 1, m->order + at, (m->count - at) * sizeof *m->order);
	m->order[at] = e;
	m->count++;
}

static inline bool model_remove(model_t *m, const sched_entity_t *e)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->order[i] == e) {
			m->count--;
			memmove(m->order + i, m->order + i + 1, (m->count - i) * sizeof *m->order);
			return true;
		}
	}
	return false;
}

static inline sched_entity_t *model_pop(model_t *m)
{
	sched_entity_t *first = m->count ? m->order[0] : NULL;
	if (first)
		model_remove(m, first);
	return first;
}

static inline bool model_is(const sched_entity_t *e, void *wanted)
{
	return e == wanted;
}

/* sched_find() finds @p e if and only if it is ready. */
static inline bool model_agrees_on_finding(const model_t *m, sched_run_queue_t *rq, sched_entity_t *e)
{
	bool ready = false;
	for (size_t i = 0; i < m->count; i++)
		ready |= m->order[i] == e;
	return sched_find(rq, model_is, e) == (ready ? e : NULL);
}

/* What a policy does with the running thread that leaves, or with one that slept, in the run queue and in the model. */
typedef void model_step_t(sched_run_queue_t *rq, model_t *m, sched_entity_t *e);

/* Threads sleep, wake up, and leave the CPU at random; the policy agrees with the model on who is ready and who is next. */
static inline void model_follow(sched_run_queue_t *rq, sched_entity_t *threads, unsigned seed, model_step_t *leave, model_step_t *wake)
{
	model_t model = {};
	sched_entity_t *current = NULL;
	srand(seed);
	for (int step = 0; step < 100000; step++) {
		sched_entity_t *e = &threads[rand() % MODEL_THREADS];
		if (current && rand() % 3) {
			leave(rq, &model, current);
			current = NULL;
		} else if (e == current) {
			current = NULL; /* sleeps */
		} else if (model_remove(&model, e)) {
			sched_dequeue(rq, e);
		} else {
			wake(rq, &model, e);
		}
		CHECK_EQ(sched_is_empty(rq), model.count == 0);
		CHECK(model_agrees_on_finding(&model, rq, e));
		if (!current && rand() % 2) {
			current = sched_pick_next(rq);
			CHECK(current == model_pop(&model));
		}
	}
}
