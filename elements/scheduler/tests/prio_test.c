/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed priorities: who runs before whom, slices, and random traces against a model. */
#include <axtest.h>
#include "model.h"

static sched_entity_t s_threads[MODEL_THREADS];

static sched_entity_t *thread(int i, unsigned level, bool sliced)
{
	sched_entity_init(&s_threads[i]);
	CHECK(sched_set_level(&s_threads[i], level, sliced) == AX_OK);
	return &s_threads[i];
}

TEST(the_highest_level_runs_first_and_equals_in_the_order_they_came)
{
	sched_run_queue_t rq;
	sched_run_queue_init(&rq);
	sched_entity_t *low = thread(0, 0, true), *high = thread(1, SCHED_LEVELS - 1, false);
	sched_entity_t *first = thread(2, 5, false), *second = thread(3, 5, true);
	sched_enqueue(&rq, low, false, 0);
	sched_enqueue(&rq, first, false, 0);
	sched_enqueue(&rq, second, false, 0);
	sched_enqueue(&rq, high, false, 0);
	CHECK(sched_pick_next(&rq) == high);
	CHECK(sched_pick_next(&rq) == first);
	CHECK(sched_pick_next(&rq) == second);
	CHECK(sched_pick_next(&rq) == low);
	CHECK(sched_pick_next(&rq) == NULL);
}

TEST(a_higher_level_preempts_and_who_was_preempted_keeps_its_turn)
{
	sched_run_queue_t rq;
	sched_run_queue_init(&rq);
	sched_entity_t *current = thread(0, 3, false), *equal = thread(1, 3, false), *higher = thread(2, 4, true);
	sched_enqueue(&rq, equal, true, 0);
	CHECK(!sched_tick(&rq, current, 0));
	CHECK(!sched_tick(&rq, current, 100 * SCHED_SLICE_NS)); /* not sliced */
	sched_enqueue(&rq, higher, true, 0);
	CHECK(sched_tick(&rq, current, 0));
	sched_put_prev(&rq, current, true);
	CHECK(sched_pick_next(&rq) == higher);
	CHECK(sched_pick_next(&rq) == current);
	sched_put_prev(&rq, current, false); /* yields */
	CHECK(sched_pick_next(&rq) == equal);
}

TEST(a_sliced_thread_gives_way_to_equals_but_not_to_lower_ones)
{
	sched_run_queue_t rq;
	sched_run_queue_init(&rq);
	sched_entity_t *current = thread(0, 3, true), *equal = thread(1, 3, false), *lower = thread(2, 2, false);
	sched_enqueue(&rq, lower, true, 0);
	CHECK(!sched_tick(&rq, current, SCHED_SLICE_NS));
	sched_enqueue(&rq, equal, true, 0);
	CHECK(!sched_tick(&rq, current, SCHED_SLICE_NS - 1));
	CHECK(sched_tick(&rq, current, 1));
	sched_put_prev(&rq, current, true);
	CHECK(sched_pick_next(&rq) == equal);
	CHECK(sched_pick_next(&rq) == current);
	CHECK_EQ(current->left_ns, SCHED_SLICE_NS);
}

TEST(a_new_level_counts_at_once_for_the_running_thread_and_else_from_the_next_queue_on)
{
	sched_run_queue_t rq;
	sched_run_queue_init(&rq);
	sched_entity_t *current = thread(0, 9, false), *ready = thread(1, 5, false), *other = thread(2, 6, false);
	sched_enqueue(&rq, ready, false, 0);
	sched_enqueue(&rq, other, false, 0);
	CHECK(!sched_tick(&rq, current, 0));
	CHECK(sched_set_level(current, 4, true) == AX_OK);
	CHECK(sched_tick(&rq, current, 0));
	CHECK(sched_set_level(ready, 7, false) == AX_OK);
	CHECK(sched_pick_next(&rq) == other);
	sched_dequeue(&rq, ready); /* out of the queue it is in, whatever its level is to be */
	CHECK(sched_is_empty(&rq));
}

TEST(a_thread_that_is_moved_goes_behind_its_equals_if_higher_and_before_them_if_lower)
{
	sched_run_queue_t rq, other;
	sched_run_queue_init(&rq);
	sched_run_queue_init(&other);
	sched_entity_t *moved = thread(0, 2, false), *third = thread(1, 3, false), *fifth = thread(2, 5, false);
	sched_enqueue(&rq, third, false, 0);
	sched_enqueue(&rq, moved, false, 0);
	sched_enqueue(&rq, fifth, false, 0);
	CHECK(sched_prio_move(&rq, moved, 5));
	CHECK(sched_pick_next(&rq) == fifth);
	CHECK(sched_prio_move(&rq, moved, 3));
	CHECK(sched_pick_next(&rq) == moved);
	CHECK(!sched_prio_move(&rq, moved, 4)); /* it runs */
	sched_put_prev(&rq, moved, true);
	CHECK(!sched_prio_move(&other, moved, 6)); /* it is in another queue, and stays where it is */
	CHECK(sched_pick_next(&rq) == moved);
	CHECK(sched_pick_next(&rq) == third);
	CHECK(sched_is_empty(&rq));
}

TEST(levels_out_of_range_are_refused)
{
	unsigned level;
	bool sliced;
	sched_entity_t *e = thread(0, 7, false);
	CHECK(sched_set_level(e, SCHED_LEVELS, true) == AX_ERR_OUT_OF_RANGE);
	CHECK(sched_set_level(e, 0, false) == AX_ERR_OUT_OF_RANGE);
	sched_level(e, &level, &sliced);
	CHECK_EQ(level, 7);
	CHECK(!sliced);
	CHECK(sched_set_priority(e, 0) == AX_ERR_NOT_SUPPORTED);
	CHECK(sched_set_deadline(e, 0) == AX_ERR_NOT_SUPPORTED);
}

/* Where the model, ordered by level, has a thread of this level put: before its equals, or behind them. */
static size_t place(const model_t *model, unsigned level, bool before)
{
	size_t at = 0;
	while (at < model->count && (model->order[at]->queued_level > level ||
				     (!before && model->order[at]->queued_level == level)))
		at++;
	return at;
}

TEST(random_traces_match_the_model)
{
	sched_run_queue_t rq;
	model_t model = {};
	sched_entity_t *current = NULL;
	sched_run_queue_init(&rq);
	srand(14);
	for (int step = 0; step < 100000; step++) {
		sched_entity_t *e = &s_threads[rand() % MODEL_THREADS];
		CHECK(sched_set_level(e, 1 + (unsigned)rand() % (SCHED_LEVELS - 1), rand() % 2) == AX_OK);
		if (rand() % 3 && current) {
			const bool higher = model.count && model.order[0]->queued_level > current->level;
			const bool due = sched_tick(&rq, current, (uint64_t)(rand() % SCHED_SLICE_NS));
			CHECK(due || !higher);
			const bool preempted = due || rand() % 2;
			const bool keeps_turn = preempted && (current->unsliced || current->left_ns > 0);
			const size_t at = place(&model, current->level, keeps_turn);
			sched_put_prev(&rq, current, preempted);
			model_insert(&model, at, current);
			current = NULL;
		} else if (e == current) {
			current = NULL; /* sleeps */
		} else if (rand() % 4 == 0) { /* moved, ready or not */
			const unsigned level = 1 + (unsigned)rand() % (SCHED_LEVELS - 1);
			const bool higher = level > e->level;
			const bool ready = model_remove(&model, e);
			CHECK_EQ(sched_prio_move(&rq, e, level), ready);
			if (ready)
				model_insert(&model, place(&model, level, !higher), e);
		} else if (model_remove(&model, e)) {
			sched_dequeue(&rq, e);
		} else {
			const size_t at = place(&model, e->level, false);
			sched_enqueue(&rq, e, rand() % 2, 0);
			model_insert(&model, at, e);
		}
		CHECK_EQ(sched_is_empty(&rq), model.count == 0);
		CHECK(model_agrees_on_finding(&model, &rq, e));
		if (!current && rand() % 2) {
			current = sched_pick_next(&rq);
			CHECK(current == model_pop(&model));
		}
	}
}
