/* SPDX-License-Identifier: Apache-2.0 */
/* What two CPUs see when they take turns: which magazine serves, how far the heap is asked, where blocks end. */
#include <axtest.h>
#include <pthread.h>
#include <sched.h>

#include "heap.h"

enum { CLASS = 2, ROUNDS = 8 }; /* heap_rounds[CLASS] */

static magazine_cache_t s_cache;
static magazine_cpu_t s_cpu[2];
static void *s_held[HEAP_BLOCKS];

static void give(unsigned cpu, void *block)
{
	heap_let_go(CLASS, block);
	CHECK(magazine_give(&s_cache, &s_cpu[cpu], CLASS, block));
}

static void *take(unsigned cpu)
{
	void *block = magazine_take(&s_cache, &s_cpu[cpu], CLASS);
	if (block)
		heap_hold(CLASS, block, 7);
	return block;
}

static void init(void)
{
	heap_init(HEAP_BLOCKS);
	magazine_cache_init(&s_cache, &heap_ops, HEAP_CLASSES, heap_rounds);
	memset(s_cpu, 0, sizeof s_cpu);
	for (unsigned cpu = 0; cpu < 2; cpu++)
		CHECK(take(cpu) == NULL); /* it joins */
	CHECK_EQ(heap_allocate_calls, 0);
}

static void check_all_back(void)
{
	magazine_cache_drain(&s_cache);
	for (unsigned class = 0; class < HEAP_CLASSES; class++)
		CHECK_EQ(heap_left(class), HEAP_BLOCKS);
	CHECK_EQ(heap_violations, 0);
}

TEST(a_new_cpu_is_sent_to_the_heap_once)
{
	heap_init(HEAP_BLOCKS);
	magazine_cache_init(&s_cache, &heap_ops, HEAP_CLASSES, heap_rounds);
	memset(s_cpu, 0, sizeof s_cpu);
	void *block;
	CHECK_EQ(heap_ops.allocate(CLASS, 1, &block), 1);
	CHECK(!magazine_give(&s_cache, &s_cpu[0], CLASS, block));
	CHECK(magazine_give(&s_cache, &s_cpu[0], CLASS, block));
	check_all_back();
}

TEST(the_block_given_last_is_taken_first)
{
	init();
	void *a = take(0), *b = take(0);
	CHECK(a && b && a != b);
	give(0, a);
	give(0, b);
	CHECK(take(0) == b);
	CHECK(take(0) == a);
	give(0, a);
	give(0, b);
	check_all_back();
}

TEST(the_heap_is_asked_for_few_blocks_first_then_for_magazines)
{
	init();
	for (unsigned i = 0; i < 4 + ROUNDS + ROUNDS; i++)
		s_held[i] = take(0);
	CHECK_EQ(heap_allocate_calls, 3);
	CHECK_EQ(heap_left(CLASS), HEAP_BLOCKS - (4 + ROUNDS + ROUNDS));
	for (unsigned i = 0; i < 4 + ROUNDS + ROUNDS; i++)
		give(0, s_held[i]);
	check_all_back();
}

TEST(a_cpu_at_a_magazine_s_edge_needs_neither_depot_nor_heap)
{
	init();
	for (unsigned i = 0; i < 2 * ROUNDS; i++)
		s_held[i] = take(0);
	for (unsigned i = 0; i < ROUNDS; i++)
		give(0, s_held[i]);
	int calls = heap_allocate_calls;
	for (unsigned round = 0; round < 100; round++) { /* to and fro across the edge of the full magazine */
		give(0, s_held[ROUNDS]);
		give(0, s_held[ROUNDS + 1]);
		s_held[ROUNDS] = take(0);
		s_held[ROUNDS + 1] = take(0);
	}
	CHECK_EQ(heap_allocate_calls, calls);
	CHECK_EQ(heap_free_calls, 0);
	CHECK_EQ(s_cache.depots[CLASS].count, 0);
	for (unsigned i = ROUNDS; i < 2 * ROUNDS; i++)
		give(0, s_held[i]);
	check_all_back();
}

TEST(what_one_cpu_frees_another_gets_through_the_depot)
{
	init();
	for (unsigned i = 0; i < 4 * ROUNDS; i++)
		s_held[i] = take(0);
	for (unsigned i = 0; i < 4 * ROUNDS; i++)
		give(1, s_held[i]);
	CHECK_EQ(s_cache.depots[CLASS].count, 2);
	while (s_cpu[0].racks[CLASS].loaded)
		take(0);
	int calls = heap_allocate_calls;
	for (unsigned i = 0; i < 2 * ROUNDS; i++)
		CHECK(take(0) != NULL);
	CHECK_EQ(s_cache.depots[CLASS].count, 0);
	CHECK_EQ(heap_allocate_calls, calls);
}

TEST(the_depot_holds_its_share_and_no_more)
{
	const unsigned most = 2 * (2 + MAGAZINE_DEPOT_SHARE) * ROUNDS;
	init();
	for (unsigned i = 0; i < HEAP_BLOCKS; i++)
		CHECK((s_held[i] = take(0)) != NULL);
	CHECK_EQ(heap_left(CLASS), 0);
	for (unsigned i = 0; i < HEAP_BLOCKS; i++)
		give(i % 2, s_held[i]);
	CHECK_EQ(s_cache.depots[CLASS].count, 2 * MAGAZINE_DEPOT_SHARE);
	CHECK(heap_left(CLASS) >= HEAP_BLOCKS - most);
	CHECK(heap_left(CLASS) < HEAP_BLOCKS - most + 4 * ROUNDS);
	check_all_back();
}

TEST(an_empty_heap_gives_null_and_draining_what_others_hold_helps)
{
	init();
	for (unsigned i = 0; i < HEAP_BLOCKS; i++)
		CHECK((s_held[i] = take(0)) != NULL);
	CHECK(take(1) == NULL);
	give(0, s_held[0]);
	CHECK(take(1) == NULL);
	CHECK_EQ(magazine_cache_drain(&s_cache), 1);
	CHECK((s_held[0] = take(1)) != NULL);
	for (unsigned i = 0; i < HEAP_BLOCKS; i++)
		give(1, s_held[i]);
	check_all_back();
}

TEST(while_stopped_nobody_is_served)
{
	init();
	void *block = take(0);
	magazine_cache_stop(&s_cache);
	CHECK(take(0) == NULL);
	CHECK(!magazine_give(&s_cache, &s_cpu[1], CLASS, block));
	magazine_cache_resume(&s_cache);
	give(1, block);
	check_all_back();
}

static atomic_bool s_left, s_closed_at_fence;

static void *leave_later(void *argument)
{
	for (int i = 0; i < 1000; i++)
		sched_yield();
	s_left = true;
	magazine_leave(&s_cpu[1]);
	return argument;
}

/* The processor may keep a store back until a fence: so here it comes out that CPU 1 is inside. */
static void fence_that_shows_who_is_inside(void)
{
	pthread_t thread;
	s_closed_at_fence = !s_cpu[0].open && !s_cpu[1].open;
	s_cpu[1].inside = true;
	CHECK_EQ(pthread_create(&thread, NULL, leave_later, NULL), 0);
	pthread_detach(thread);
}

TEST(a_stop_closes_then_fences_then_waits_for_who_is_inside)
{
	init();
	magazine_heap_t heap = heap_ops;
	heap.fence_all = fence_that_shows_who_is_inside;
	s_cache.heap = &heap;
	magazine_cache_stop(&s_cache);
	CHECK(s_left);
	CHECK(s_closed_at_fence);
	magazine_cache_resume(&s_cache);
	s_cache.heap = &heap_ops;
	check_all_back();
}

static void count(void *block, void *counter)
{
	CHECK(!heap_is_held(block));
	++*(unsigned *)counter;
}

TEST(each_visits_what_is_idle_and_nothing_else)
{
	init();
	for (unsigned i = 0; i < 40 * ROUNDS; i++)
		s_held[i] = take(i % 2);
	for (unsigned i = 0; i < 20 * ROUNDS; i++)
		give(i % 2, s_held[i]);
	unsigned idle = 0;
	magazine_cache_stop(&s_cache);
	magazine_cache_each(&s_cache, count, &idle);
	magazine_cache_resume(&s_cache);
	CHECK_EQ(idle, HEAP_BLOCKS - heap_left(CLASS) - 20 * ROUNDS);
	CHECK_EQ(magazine_cache_drain(&s_cache), idle);
	CHECK_EQ(heap_left(CLASS), HEAP_BLOCKS - 20 * ROUNDS);
	for (unsigned i = 20 * ROUNDS; i < 40 * ROUNDS; i++)
		give(0, s_held[i]);
	check_all_back();
}

TEST(magazines_of_one_block_work)
{
	init();
	const unsigned class = HEAP_CLASSES - 1;
	for (unsigned i = 0; i < 100; i++) {
		CHECK((s_held[i] = magazine_take(&s_cache, &s_cpu[0], class)) != NULL);
		heap_hold(class, s_held[i], 9);
	}
	for (unsigned i = 0; i < 100; i++) {
		heap_let_go(class, s_held[i]);
		CHECK(magazine_give(&s_cache, &s_cpu[i % 2], class, s_held[i]));
	}
	check_all_back();
}
