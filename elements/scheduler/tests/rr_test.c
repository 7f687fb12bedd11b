/* SPDX-License-Identifier: Apache-2.0 */
/* Round-robin against the model, and its slices. */
#include <axtest.h>
#include "model.h"

static sched_entity_t s_threads[MODEL_THREADS];

TEST(thread_is_preempted_when_its_slice_is_used_and_another_is_ready)
{
	sched_run_queue_t rq;
	sched_run_queue_init(&rq);
	sched_entity_init(&s_threads[0]);
	sched_entity_init(&s_threads[1]);
	CHECK(!sched_tick(&rq, &s_threads[0], SCHED_SLICE_NS)); /* alone */
	sched_enqueue(&rq, &s_threads[1], false, 0);
	CHECK(!sched_tick(&rq, &s_threads[0], SCHED_SLICE_NS - 1));
	CHECK(sched_tick(&rq, &s_threads[0], 1));
	sched_put_prev(&rq, &s_threads[0], true);
	CHECK(sched_pick_next(&rq) == &s_threads[1]);
	CHECK(sched_pick_next(&rq) == &s_threads[0]);
	CHECK_EQ(s_threads[0].left_ns, SCHED_SLICE_NS);
	CHECK(sched_set_priority(&s_threads[0], 0) == AX_ERR_NOT_SUPPORTED);
	CHECK(sched_set_deadline(&s_threads[0], 0) == AX_ERR_NOT_SUPPORTED);
	CHECK(sched_set_level(&s_threads[0], 1, true) == AX_ERR_NOT_SUPPORTED);
}

static void leave(sched_run_queue_t *rq, model_t *model, sched_entity_t *current)
{
	bool due = sched_tick(rq, current, (uint64_t)(rand() % SCHED_SLICE_NS));
	bool preempted = due || rand() % 2;
	bool keeps_turn = preempted && current->left_ns > 0;
	sched_put_prev(rq, current, preempted);
	model_insert(model, keeps_turn ? 0 : model->count, current);
}

static void wake(sched_run_queue_t *rq, model_t *model, sched_entity_t *e)
{
	sched_enqueue(rq, e, rand() % 2, 0);
	model_insert(model, model->count, e);
}

TEST(random_traces_match_the_model)
{
	sched_run_queue_t rq;
	sched_run_queue_init(&rq);
	model_follow(&rq, s_threads, 12, leave, wake);
}
