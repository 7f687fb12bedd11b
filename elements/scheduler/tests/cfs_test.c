/* SPDX-License-Identifier: Apache-2.0 */
/* Completely fair: shares by weight, no starvation, bounded credit for sleepers, order against a model. */
#include <axtest.h>
#include <scheduler/scheduler.h>

enum { THREADS = 30, MS = 1000 * 1000 };

typedef struct thread {
	sched_entity_t entity;
	uint64_t ran_ns, last_ran_ns;
	bool ready;
} thread_t;

static thread_t s_threads[THREADS];

static thread_t *thread_of(sched_entity_t *e)
{
	return container_of(e, thread_t, entity);
}

static void start(sched_run_queue_t *rq, int count)
{
	sched_run_queue_init(rq);
	for (int i = 0; i < THREADS; i++) {
		s_threads[i] = (thread_t){};
		sched_entity_init(&s_threads[i].entity);
	}
	for (int i = 0; i < count; i++)
		sched_enqueue(rq, &s_threads[i].entity, false, 0);
}

/* All that is ready computes for @p total_ns, ticked each millisecond. */
static void compute(sched_run_queue_t *rq, uint64_t total_ns)
{
	sched_entity_t *current = sched_pick_next(rq);
	for (uint64_t now = 0; now < total_ns; now += MS) {
		thread_of(current)->ran_ns += MS;
		thread_of(current)->last_ran_ns = now;
		if (sched_tick(rq, current, MS)) {
			sched_put_prev(rq, current, true);
			current = sched_pick_next(rq);
		}
	}
	sched_put_prev(rq, current, true);
}

TEST(equal_threads_get_equal_time)
{
	sched_run_queue_t rq;
	start(&rq, 10);
	compute(&rq, UINT64_C(10000) * MS);
	for (int i = 0; i < 10; i++)
		CHECK(s_threads[i].ran_ns > UINT64_C(980) * MS && s_threads[i].ran_ns < UINT64_C(1020) * MS);
}

TEST(time_is_shared_by_weight)
{
	static const int nice[] = { -10, -5, 0, 5, 10 };
	sched_run_queue_t rq;
	uint64_t weights = 0;
	start(&rq, 0);
	for (size_t i = 0; i < ARRAY_SIZE(nice); i++) {
		CHECK(sched_set_priority(&s_threads[i].entity, nice[i]) == AX_OK);
		weights += s_threads[i].entity.weight;
		sched_enqueue(&rq, &s_threads[i].entity, false, 0);
	}
	uint64_t total = UINT64_C(200000) * MS;
	compute(&rq, total);
	for (size_t i = 0; i < ARRAY_SIZE(nice); i++) {
		uint64_t fair = total * s_threads[i].entity.weight / weights;
		CHECK(s_threads[i].ran_ns > fair * 95 / 100 - 20 * MS);
		CHECK(s_threads[i].ran_ns < fair * 105 / 100 + 20 * MS);
	}
}

TEST(least_weight_is_not_starved_by_the_greatest)
{
	sched_run_queue_t rq;
	start(&rq, 0);
	CHECK(sched_set_priority(&s_threads[0].entity, 19) == AX_OK);
	CHECK(sched_set_priority(&s_threads[1].entity, -20) == AX_OK);
	sched_enqueue(&rq, &s_threads[0].entity, false, 0);
	sched_enqueue(&rq, &s_threads[1].entity, false, 0);
	compute(&rq, UINT64_C(100000) * MS);
	CHECK(s_threads[0].ran_ns >= 10 * MS);
	CHECK(s_threads[0].last_ran_ns > UINT64_C(80000) * MS);
}

TEST(newcomer_starts_level_with_the_others)
{
	sched_run_queue_t rq;
	start(&rq, 2);
	compute(&rq, UINT64_C(10000) * MS);
	sched_enqueue(&rq, &s_threads[2].entity, false, 0);
	for (int i = 0; i < 3; i++)
		s_threads[i].ran_ns = 0;
	compute(&rq, UINT64_C(300) * MS);
	for (int i = 0; i < 3; i++)
		CHECK(s_threads[i].ran_ns > 80 * MS && s_threads[i].ran_ns < 120 * MS);
}

TEST(sleeper_runs_soon_but_has_saved_up_no_more_than_half_a_period)
{
	sched_run_queue_t rq;
	start(&rq, 2);
	sched_entity_t *sleeper = sched_pick_next(&rq);
	compute(&rq, UINT64_C(10000) * MS);
	sched_enqueue(&rq, sleeper, true, 0);
	CHECK(sched_pick_next(&rq) == sleeper);
	sched_put_prev(&rq, sleeper, true);
	thread_of(sleeper)->ran_ns = 0;
	compute(&rq, UINT64_C(100) * MS);
	CHECK(thread_of(sleeper)->ran_ns <= (50 + 12) * MS);
}

TEST(woken_thread_preempts_one_that_has_had_more)
{
	sched_run_queue_t rq;
	start(&rq, 2);
	sched_entity_t *sleeper = sched_pick_next(&rq), *current = sched_pick_next(&rq);
	CHECK(!sched_tick(&rq, current, 100 * MS)); /* alone */
	CHECK(!sched_tick(&rq, current, 0));
	sched_enqueue(&rq, sleeper, true, 0);
	CHECK(sched_tick(&rq, current, 0));
}

TEST(yield_lets_another_run_first)
{
	sched_run_queue_t rq;
	start(&rq, 2);
	sched_entity_t *first = sched_pick_next(&rq), *second = sched_pick_next(&rq);
	sched_tick(&rq, second, 5 * MS);
	sched_put_prev(&rq, second, true);
	sched_put_prev(&rq, first, false);
	CHECK(sched_pick_next(&rq) == second);
	CHECK(sched_pick_next(&rq) == first);
	CHECK(sched_is_empty(&rq));
}

TEST(moved_thread_keeps_its_place_relative_to_the_others)
{
	sched_run_queue_t old, new;
	start(&old, 2);
	compute(&old, UINT64_C(10000) * MS);
	sched_run_queue_init(&new);
	sched_entity_t *moved = sched_pick_next(&old);
	sched_put_prev(&old, moved, true);
	sched_dequeue(&old, moved);
	sched_enqueue(&new, moved, false, 0);
	CHECK((int64_t)moved->vruntime_ns < 100 * MS);
	CHECK(sched_pick_next(&new) == moved);
}

TEST(priorities_out_of_range_are_refused)
{
	CHECK(sched_set_priority(&s_threads[0].entity, -21) == AX_ERR_OUT_OF_RANGE);
	CHECK(sched_set_priority(&s_threads[0].entity, 20) == AX_ERR_OUT_OF_RANGE);
}

TEST(deadlines_are_refused)
{
	CHECK(sched_set_deadline(&s_threads[0].entity, 0) == AX_ERR_NOT_SUPPORTED);
}

TEST(random_traces_always_pick_the_least_virtual_time)
{
	sched_run_queue_t rq;
	start(&rq, 0);
	srand(5);
	for (int step = 0; step < 100000; step++) {
		thread_t *t = &s_threads[rand() % THREADS];
		if (t->ready && rand() % 2) {
			sched_dequeue(&rq, &t->entity);
			t->ready = false;
		} else if (!t->ready) {
			CHECK(sched_set_priority(&t->entity, rand() % 40 - 20) == AX_OK);
			sched_entity_t *e = &t->entity;
			e->vruntime_ns %= 1000; /* relative, as a moved one's */
			sched_enqueue(&rq, e, false, 0);
			t->ready = true;
		}
		sched_entity_t *picked = sched_pick_next(&rq);
		uint64_t weight = 0;
		for (int i = 0; i < THREADS; i++) {
			if (!s_threads[i].ready || &s_threads[i].entity == picked)
				continue;
			weight += s_threads[i].entity.queued_weight;
			CHECK((int64_t)(s_threads[i].entity.vruntime_ns - picked->vruntime_ns) >= 0);
		}
		CHECK_EQ(rq.ready_weight, weight);
		if (!picked)
			continue;
		sched_tick(&rq, picked, (uint64_t)rand() % (20 * MS));
		sched_put_prev(&rq, picked, rand() % 2);
	}
}
