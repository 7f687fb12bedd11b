/* SPDX-License-Identifier: Apache-2.0 */
/* First in, first out, against the model. */
#include <axtest.h>
#include "model.h"

static sched_entity_t s_threads[MODEL_THREADS];

TEST(entity_is_one_pointer_and_nothing_preempts)
{
	sched_run_queue_t rq;
	sched_run_queue_init(&rq);
	sched_entity_init(&s_threads[0]);
	CHECK_EQ(sizeof(sched_entity_t), sizeof(void *));
	CHECK(!SCHED_PREEMPTIVE);
	sched_enqueue(&rq, &s_threads[1], true, 0);
	CHECK(!sched_tick(&rq, &s_threads[0], UINT64_MAX));
	CHECK(sched_set_priority(&s_threads[0], 0) == AX_ERR_NOT_SUPPORTED);
	CHECK(sched_set_deadline(&s_threads[0], 0) == AX_ERR_NOT_SUPPORTED);
	CHECK(sched_set_level(&s_threads[0], 1, true) == AX_ERR_NOT_SUPPORTED);
}

static void leave(sched_run_queue_t *rq, model_t *model, sched_entity_t *current)
{
	sched_put_prev(rq, current, rand() % 2);
	model_insert(model, model->count, current);
}

static void wake(sched_run_queue_t *rq, model_t *model, sched_entity_t *e)
{
	sched_entity_init(e);
	sched_enqueue(rq, e, rand() % 2, 0);
	model_insert(model, model->count, e);
}

TEST(random_traces_match_the_model)
{
	sched_run_queue_t rq;
	sched_run_queue_init(&rq);
	model_follow(&rq, s_threads, 11, leave, wake);
}
