/* SPDX-License-Identifier: Apache-2.0 */
/* A queue in an array: the model of the policies that keep order of arrival. */
#pragma once

#include <scheduler/scheduler.h>
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
