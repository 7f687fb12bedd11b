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

TEST(random_traces_match_the_model)
{
	sched_run_queue_t rq;
	model_t model = {};
	sched_entity_t *current = NULL;
	sched_run_queue_init(&rq);
	srand(11);
	for (int step = 0; step < 100000; step++) {
		sched_entity_t *e = &s_threads[rand() % MODEL_THREADS];
		if (rand() % 3 && current) {
			bool preempted = rand() % 2;
			sched_put_prev(&rq, current, preempted);
			model_insert(&model, model.count, current);
			current = NULL;
		} else if (e == current) {
			current = NULL; /* sleeps */
		} else if (model_remove(&model, e)) {
			sched_dequeue(&rq, e);
		} else {
			sched_entity_init(e);
			sched_enqueue(&rq, e, rand() % 2, 0);
			model_insert(&model, model.count, e);
		}
		CHECK_EQ(sched_is_empty(&rq), model.count == 0);
		CHECK(model_agrees_on_finding(&model, &rq, e));
		if (!current && rand() % 2) {
			current = sched_pick_next(&rq);
			CHECK(current == model_pop(&model));
		}
	}
}
