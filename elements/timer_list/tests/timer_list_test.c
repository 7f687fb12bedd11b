/* SPDX-License-Identifier: Apache-2.0 */
/* Timers fire in order, once, and not when cancelled. */
#include <axtest.h>
#include <timer_list/timer_list.h>

enum { EVENTS = 100 };

static timer_event_t s_events[EVENTS];
static timer_event_t *s_fired[EVENTS * 4];
static size_t s_fired_count;

static void note(timer_event_t *event, uint64_t now_ns)
{
	CHECK(event->deadline_ns <= now_ns);
	CHECK(!timer_list_is_pending(event));
	s_fired[s_fired_count++] = event;
}

static void start(timer_list_t *list)
{
	timer_list_init(list);
	s_fired_count = 0;
	for (size_t i = 0; i < EVENTS; i++) {
		s_events[i] = (timer_event_t){ .function = note };
		timer_list_event_init(&s_events[i]);
	}
}

static bool add(timer_list_t *list, size_t index, uint64_t deadline_ns)
{
	s_events[index].deadline_ns = deadline_ns;
	return timer_list_add(list, &s_events[index]);
}

TEST(events_fire_in_the_order_of_their_deadlines)
{
	timer_list_t list;
	start(&list);
	CHECK_EQ(timer_list_next_deadline(&list), TIMER_LIST_NEVER);
	CHECK(add(&list, 0, 30));
	CHECK(add(&list, 1, 10));
	CHECK(!add(&list, 2, 20));
	CHECK_EQ(timer_list_next_deadline(&list), 10);
	CHECK_EQ(timer_list_expire(&list, 9), 0);
	CHECK_EQ(timer_list_expire(&list, 20), 2);
	CHECK(s_fired[0] == &s_events[1] && s_fired[1] == &s_events[2]);
	CHECK_EQ(timer_list_next_deadline(&list), 30);
	CHECK_EQ(timer_list_expire(&list, UINT64_MAX), 1);
	CHECK_EQ(timer_list_next_deadline(&list), TIMER_LIST_NEVER);
}

TEST(equal_deadlines_fire_first_come_first_served)
{
	timer_list_t list;
	start(&list);
	for (size_t i = 0; i < EVENTS; i++)
		add(&list, i, 50 + i % 2);
	CHECK_EQ(timer_list_expire(&list, 100), EVENTS);
	for (size_t i = 0; i < EVENTS / 2; i++) {
		CHECK(s_fired[i] == &s_events[2 * i]);
		CHECK(s_fired[EVENTS / 2 + i] == &s_events[2 * i + 1]);
	}
}

TEST(cancelled_event_does_not_fire)
{
	timer_list_t list;
	start(&list);
	CHECK(!timer_list_cancel(&list, &s_events[0]));
	add(&list, 0, 5);
	add(&list, 1, 6);
	CHECK(timer_list_is_pending(&s_events[0]));
	CHECK(timer_list_cancel(&list, &s_events[0]));
	CHECK(!timer_list_cancel(&list, &s_events[0]));
	CHECK_EQ(timer_list_expire(&list, 10), 1);
	CHECK(s_fired[0] == &s_events[1]);
	CHECK(!timer_list_cancel(&list, &s_events[1]));
}

static timer_list_t s_periodic;

static void again(timer_event_t *event, uint64_t now_ns)
{
	note(event, now_ns);
	event->deadline_ns += 10;
	timer_list_add(&s_periodic, event);
}

TEST(function_may_add_its_event_again)
{
	start(&s_periodic);
	s_events[0].function = again;
	add(&s_periodic, 0, 10);
	CHECK_EQ(timer_list_expire(&s_periodic, 35), 3);
	CHECK_EQ(timer_list_next_deadline(&s_periodic), 40);
}

TEST(random_traces_fire_in_order_and_lose_nothing)
{
	timer_list_t list;
	start(&list);
	srand(3);
	size_t pending = 0;
	for (uint64_t now = 0; now < 20000; now++) {
		timer_event_t *event = &s_events[rand() % EVENTS];
		if (timer_list_is_pending(event))
			pending -= rand() % 2 ? timer_list_cancel(&list, event) : 0;
		else
			pending += (add(&list, (size_t)(event - s_events), now + (uint64_t)(rand() % 200)), 1);
		s_fired_count = 0;
		pending -= timer_list_expire(&list, now);
		for (size_t i = 1; i < s_fired_count; i++)
			CHECK(s_fired[i - 1]->deadline_ns <= s_fired[i]->deadline_ns);
		CHECK(timer_list_next_deadline(&list) > now);
	}
	CHECK_EQ(timer_list_expire(&list, UINT64_MAX), pending);
}
