/* SPDX-License-Identifier: Apache-2.0 */
/* Earliest deadline first: the order against a model, and optimality: what some schedule can serve is served. */
#include <axtest.h>
#include "model.h"

static sched_entity_t s_threads[MODEL_THREADS];

static void start(sched_run_queue_t *rq)
{
	sched_run_queue_init(rq);
	for (int i = 0; i < MODEL_THREADS; i++)
		sched_entity_init(&s_threads[i]);
}

/* s_threads[i] is woken at @p now_ns with a deadline @p relative_ns later. */
static sched_entity_t *wake(sched_run_queue_t *rq, int i, uint64_t relative_ns, uint64_t now_ns)
{
	CHECK(sched_set_deadline(&s_threads[i], relative_ns) == AX_OK);
	sched_enqueue(rq, &s_threads[i], true, now_ns);
	return &s_threads[i];
}

TEST(earliest_deadline_runs_first_whoever_came_first)
{
	sched_run_queue_t rq;
	start(&rq);
	sched_entity_t *late = wake(&rq, 0, 50, 0), *soon = wake(&rq, 1, 20, 10), *later = wake(&rq, 2, 50, 10);
	CHECK(sched_pick_next(&rq) == soon);
	CHECK(sched_pick_next(&rq) == late);
	CHECK(sched_pick_next(&rq) == later);
	CHECK(!sched_pick_next(&rq));
}

TEST(threads_without_deadline_run_last_first_come_first_served)
{
	sched_run_queue_t rq;
	start(&rq);
	for (int i = 0; i < 10; i++)
		sched_enqueue(&rq, &s_threads[i], true, (uint64_t)(100 - i));
	sched_entity_t *farthest = wake(&rq, 10, UINT64_MAX - 1, 1000);
	sched_entity_t *near = wake(&rq, 11, 0, 1000);
	CHECK(sched_pick_next(&rq) == near);
	CHECK(sched_pick_next(&rq) == farthest);
	for (int i = 0; i < 10; i++)
		CHECK(sched_pick_next(&rq) == &s_threads[i]);
}

TEST(only_an_earlier_deadline_preempts)
{
	sched_run_queue_t rq;
	start(&rq);
	wake(&rq, 0, 50, 0);
	sched_entity_t *current = sched_pick_next(&rq);
	CHECK(!sched_tick(&rq, current, 0));
	sched_enqueue(&rq, &s_threads[1], true, 0);
	wake(&rq, 2, 40, 10);
	CHECK(!sched_tick(&rq, current, 0));
	CHECK(!sched_tick(&rq, current, UINT64_MAX)); /* run time does not count */
	wake(&rq, 3, 39, 10);
	CHECK(sched_tick(&rq, current, 0));
}

TEST(preempted_thread_keeps_its_turn_and_one_that_yields_goes_behind_its_equals)
{
	sched_run_queue_t rq;
	start(&rq);
	sched_entity_t *first = wake(&rq, 0, 50, 0), *second = wake(&rq, 1, 50, 0), *later = wake(&rq, 2, 60, 0);
	CHECK(sched_pick_next(&rq) == first);
	sched_put_prev(&rq, first, true);
	CHECK(sched_pick_next(&rq) == first);
	sched_put_prev(&rq, first, false);
	CHECK(sched_pick_next(&rq) == second);
	CHECK(sched_pick_next(&rq) == first);
	sched_put_prev(&rq, first, false);
	CHECK(sched_pick_next(&rq) == first); /* not behind a later deadline */
	CHECK(sched_pick_next(&rq) == later);
}

TEST(deadline_is_taken_when_the_thread_is_woken)
{
	sched_run_queue_t rq;
	start(&rq);
	sched_enqueue(&rq, &s_threads[0], true, 0);
	sched_entity_t *other = wake(&rq, 1, 100, 0);
	CHECK(sched_set_deadline(&s_threads[0], 10) == AX_OK); /* ready already: for the next time */
	CHECK(sched_pick_next(&rq) == other);
	CHECK(sched_pick_next(&rq) == &s_threads[0]);
	sched_enqueue(&rq, other, true, 1000);
	sched_enqueue(&rq, &s_threads[0], true, 1000);
	CHECK(sched_pick_next(&rq) == &s_threads[0]);
	CHECK(sched_set_deadline(&s_threads[0], UINT64_MAX) == AX_OK);
	sched_enqueue(&rq, &s_threads[0], true, 1000);
	CHECK(sched_pick_next(&rq) == other);
}

TEST(moved_thread_keeps_its_deadline_and_a_new_one_gets_it)
{
	sched_run_queue_t old, new;
	start(&old);
	sched_run_queue_init(&new);
	sched_entity_t *moved = wake(&old, 0, 10, 0), *ready = wake(&new, 1, 5, 10);
	sched_dequeue(&old, moved);
	CHECK(sched_is_empty(&old));
	sched_enqueue(&new, moved, false, 1000);
	CHECK(sched_set_deadline(&s_threads[2], 1) == AX_OK);
	sched_enqueue(&new, &s_threads[2], false, 11);
	CHECK(sched_pick_next(&new) == moved);
	CHECK(sched_pick_next(&new) == &s_threads[2]);
	CHECK(sched_pick_next(&new) == ready);
}

TEST(priorities_are_refused)
{
	CHECK(sched_set_priority(&s_threads[0], 0) == AX_ERR_NOT_SUPPORTED);
}

/* The model's order is that of running: @p e comes behind all that are not later than @p deadline_ns. */
static uint64_t s_deadline_ns[MODEL_THREADS]; /* the model's, not the policy's */

static uint64_t *deadline_of(const sched_entity_t *e)
{
	return &s_deadline_ns[e - s_threads];
}

static void insert_behind_equals(model_t *model, sched_entity_t *e)
{
	size_t at = 0;
	while (at < model->count && *deadline_of(model->order[at]) <= *deadline_of(e))
		at++;
	model_insert(model, at, e);
}

static void insert_before_equals(model_t *model, sched_entity_t *e)
{
	size_t at = 0;
	while (at < model->count && *deadline_of(model->order[at]) < *deadline_of(e))
		at++;
	model_insert(model, at, e);
}

static uint64_t s_now; /* of the trace */

static void leave(sched_run_queue_t *rq, model_t *model, sched_entity_t *current)
{
	bool earlier = model->count && *deadline_of(model->order[0]) < *deadline_of(current);
	CHECK_EQ(sched_tick(rq, current, 0), earlier);
	bool preempted = earlier || rand() % 2;
	sched_put_prev(rq, current, preempted);
	preempted ? insert_before_equals(model, current) : insert_behind_equals(model, current);
}

static void wake_somehow(sched_run_queue_t *rq, model_t *model, sched_entity_t *e)
{
	bool has_deadline = rand() % 4;
	uint64_t now = s_now += (uint64_t)rand() % 4, relative = (uint64_t)rand() % 40;
	*deadline_of(e) = has_deadline ? now + relative : UINT64_MAX;
	wake(rq, (int)(e - s_threads), has_deadline ? relative : UINT64_MAX, now);
	insert_behind_equals(model, e);
}

TEST(random_traces_match_the_model)
{
	sched_run_queue_t rq;
	start(&rq);
	model_follow(&rq, s_threads, 13, leave, wake_somehow);
}

/* Work of a thread between two sleeps, on a CPU whose time comes in units. */
typedef struct job {
	uint64_t release, deadline, left;
} job_t;

static job_t s_jobs[MODEL_THREADS]; /* of s_threads */

static job_t *job_of(const sched_entity_t *e)
{
	return &s_jobs[e - s_threads];
}

static void release_due(sched_run_queue_t *rq, int count, uint64_t now)
{
	for (int i = 0; i < count; i++) {
		if (s_jobs[i].release == now && s_jobs[i].left)
			wake(rq, i, s_jobs[i].deadline - now, now);
	}
}

/* One unit of the CPU; @p current is who ran, and the result who is to run on. Counts misses. */
static sched_entity_t *run_unit(sched_run_queue_t *rq, sched_entity_t *current, uint64_t now, int *missed)
{
	if (current && sched_tick(rq, current, 0)) {
		sched_put_prev(rq, current, true);
		current = NULL;
	}
	if (!current)
		current = sched_pick_next(rq);
	if (!current || --job_of(current)->left)
		return current;
	*missed += now + 1 > job_of(current)->deadline;
	return NULL;
}

/* Jobs cut out of a random schedule, so that there is one that serves them: each unit belongs to some job. */
static uint64_t make_feasible_jobs(int count, uint64_t units)
{
	for (int i = 0; i < count; i++)
		s_jobs[i] = (job_t){ .release = UINT64_MAX };
	for (uint64_t unit = 0; unit < units; unit++) {
		job_t *job = &s_jobs[rand() % count];
		job->release = AX_MIN(job->release, unit);
		job->deadline = unit + 1;
		job->left++;
	}
	for (int i = 0; i < count; i++) {
		if (rand() % 2 && s_jobs[i].left)
			s_jobs[i].release -= (uint64_t)rand() % (s_jobs[i].release + 1);
		if (rand() % 2)
			s_jobs[i].deadline += (uint64_t)rand() % 10;
	}
	return units;
}

/* M. L. Dertouzos, "Control robotics: the procedural control of physical processes", IFIP 1974. */
TEST(any_jobs_that_some_schedule_serves_meet_their_deadlines)
{
	srand(14);
	for (int round = 0; round < 2000; round++) {
		sched_run_queue_t rq;
		sched_entity_t *current = NULL;
		int missed = 0, count = 1 + rand() % MODEL_THREADS;
		start(&rq);
		uint64_t units = make_feasible_jobs(count, 1 + (uint64_t)rand() % 200);
		for (uint64_t now = 0; now < units; now++) {
			release_due(&rq, count, now);
			current = run_unit(&rq, current, now, &missed);
		}
		CHECK_EQ(missed, 0);
		CHECK(!current && sched_is_empty(&rq)); /* a unit was never left idle while one was ready */
	}
}

/* Periodic threads, deadlines at the ends of their periods, up to @p units; returns how many were missed. */
static int run_periodic(const uint64_t *period, const uint64_t *work, int count, uint64_t units)
{
	sched_run_queue_t rq;
	sched_entity_t *current = NULL;
	int missed = 0;
	start(&rq);
	memset(s_jobs, 0, sizeof s_jobs);
	for (uint64_t now = 0; now < units; now++) {
		for (int i = 0; i < count; i++) {
			if (now % period[i])
				continue;
			if (s_jobs[i].left)
				return missed + 1; /* still at its last period's work */
			s_jobs[i] = (job_t){ now, now + period[i], work[i] };
		}
		release_due(&rq, count, now);
		current = run_unit(&rq, current, now, &missed);
	}
	return missed;
}

/* The use of the CPU is 2/5 + 4/7: too much for any fixed order of priority. */
TEST(periodic_threads_beyond_fixed_priorities_meet_their_deadlines)
{
	static const uint64_t s_period[] = { 5, 7 }, s_work[] = { 2, 4 };
	CHECK_EQ(run_periodic(s_period, s_work, 2, 35 * 10), 0);
}

/* Liu and Layland's theorem 7, in both directions; 840 is a multiple of every period. */
TEST(periodic_threads_meet_their_deadlines_exactly_when_their_use_is_at_most_the_cpu)
{
	static const uint64_t s_of[] = { 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 20, 21, 24, 28, 30, 35, 40, 42, 56, 60, 70 };
	int met = 0, full = 0, rounds = 3000;
	srand(15);
	for (int round = 0; round < rounds; round++) {
		uint64_t period[8], work[8], use = 0; /* of 840 */
		int count = 1 + rand() % 8;
		for (int i = 0; i < count; i++) {
			period[i] = s_of[(size_t)rand() % ARRAY_SIZE(s_of)];
			work[i] = 1 + (uint64_t)rand() % (1 + period[i] * 2 / (uint64_t)count);
			use += 840 / period[i] * work[i];
		}
		CHECK_EQ(run_periodic(period, work, count, 841) == 0, use <= 840);
		met += use <= 840;
		full += use == 840;
	}
	CHECK(met > rounds / 10 && met < rounds * 9 / 10 && full > 0);
}
