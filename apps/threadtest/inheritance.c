/* SPDX-License-Identifier: Apache-2.0 */
/* What mutexes that inherit priorities promise. */
#include "threadtest.h"

#include <axtask/inherit.h>

enum { LOW = 1, MIDDLE = 5, HIGH = 9, MAIN = 20, POLL_NS = 200000, PATIENCE_POLLS = 100000 };

static ax_mutex_t s_first = AX_MUTEX_INIT_INHERITING, s_second = AX_MUTEX_INIT_INHERITING;
static ax_semaphore_t s_has_it, s_end;
static char s_order[4];
static size_t s_turns;
static unsigned s_while_locked, s_after;

static void note_turn(char who)
{
	s_order[s_turns++ % ARRAY_SIZE(s_order)] = who;
}

static void say_that_it_is_had(void)
{
	ax_err_t never = ax_semaphore_post(&s_has_it);
	(void)never; /* far from 2^32 */
}

/* Whether @p count threads wait for it. */
static bool waits_for(ax_mutex_t *mutex, size_t count)
{
	irq_state_t state = ax_wait_queue_lock(&mutex->waiters);
	for (const ax_thread_t *thread = mutex->waiters.first; thread; thread = ax_wait_queue_next_taken(thread))
		count--;
	ax_wait_queue_unlock(&mutex->waiters, state);
	return count == 0;
}

static ax_err_t spawn_at(unsigned level, void *(*entry)(void *argument), void *argument, ax_thread_t **thread)
{
	const ax_thread_attr_t attr = { .level = level, .unsliced = true };
	return axtask_spawn(&attr, entry, argument, thread);
}

/* Until it runs at @p level, which is soon. */
static bool comes_to_run_at(const ax_thread_t *thread, unsigned level)
{
	for (int i = 0; i < PATIENCE_POLLS; i++) {
		if (axtask_running_level(thread) == level)
			return true;
		ax_sleep_ns(POLL_NS);
	}
	return false;
}

static void *have_it_and_be_preempted([[maybe_unused]] void *argument)
{
	ax_mutex_lock(&s_first);
	say_that_it_is_had();
	note_turn('l');
	s_while_locked = axtask_running_level(axtask_current());
	ax_mutex_unlock(&s_first);
	s_after = axtask_running_level(axtask_current());
	return NULL;
}

static void *want_it([[maybe_unused]] void *argument)
{
	AX_MUTEX_GUARD(&s_first);
	note_turn('h');
	return NULL;
}

static void *be_in_the_way([[maybe_unused]] void *argument)
{
	note_turn('m');
	return NULL;
}

/* On one CPU, where main() is above all three: without inheritance the middle one would go first. */
const char *an_owner_inherits_the_level_of_who_waits(void)
{
	ax_thread_t *low, *middle, *high;
	REQUIRE(stay_on_one_cpu());
	REQUIRE(axtask_set_level(axtask_current(), MAIN, false) == AX_OK);
	s_turns = 0;
	REQUIRE(spawn_at(LOW, have_it_and_be_preempted, NULL, &low) == AX_OK);
	ax_semaphore_wait(&s_has_it);
	REQUIRE(spawn_at(MIDDLE, be_in_the_way, NULL, &middle) == AX_OK);
	REQUIRE(spawn_at(HIGH, want_it, NULL, &high) == AX_OK);
	REQUIRE(ax_thread_join(low, NULL) == AX_OK);
	REQUIRE(ax_thread_join(middle, NULL) == AX_OK);
	REQUIRE(ax_thread_join(high, NULL) == AX_OK);
	REQUIRE(axtask_set_level(axtask_current(), 0, true) == AX_OK);
	REQUIRE(run_on_all_cpus());
	REQUIRE(s_turns == 3 && s_order[0] == 'l' && s_order[1] == 'h' && s_order[2] == 'm');
	REQUIRE(s_while_locked == HIGH && s_after == LOW);
	return NULL;
}

/* Has the first. */
static void *have_first_until_the_end([[maybe_unused]] void *argument)
{
	AX_MUTEX_GUARD(&s_first);
	say_that_it_is_had();
	ax_semaphore_wait(&s_end);
	return NULL;
}

/* Has the second and waits for the first. */
static void *have_second_want_first([[maybe_unused]] void *argument)
{
	AX_MUTEX_GUARD(&s_second);
	say_that_it_is_had();
	AX_MUTEX_GUARD(&s_first);
	return NULL;
}

static void *want_second_until(void *deadline_ns)
{
	const ax_err_t error = ax_mutex_lock_until(&s_second, *(uint64_t *)deadline_ns);
	if (error == AX_OK)
		ax_mutex_unlock(&s_second);
	return (void *)(uintptr_t)error;
}

/* The first two of a chain: the one that is returned has the first mutex, the other waits for that and has the second. */
static bool make_chain(ax_thread_t **first, ax_thread_t **second)
{
	if (spawn_at(LOW, have_first_until_the_end, NULL, first) != AX_OK)
		return false;
	ax_semaphore_wait(&s_has_it);
	if (spawn_at(LOW + 1, have_second_want_first, NULL, second) != AX_OK)
		return false;
	ax_semaphore_wait(&s_has_it);
	return comes_to_run_at(*first, LOW + 1);
}

static bool end_chain(ax_thread_t *first, ax_thread_t *second)
{
	return ax_semaphore_post(&s_end) == AX_OK && ax_thread_join(first, NULL) == AX_OK &&
	       ax_thread_join(second, NULL) == AX_OK;
}

const char *levels_are_lent_through_a_chain_of_mutexes(void)
{
	enum { LONG_NS = 300000000 };
	ax_thread_t *first, *second, *third;
	void *error;
	REQUIRE(make_chain(&first, &second));
	uint64_t deadline_ns = ax_now_ns() + LONG_NS;
	REQUIRE(spawn_at(HIGH, want_second_until, &deadline_ns, &third) == AX_OK);
	REQUIRE(comes_to_run_at(first, HIGH) || ax_now_ns() > deadline_ns);
	REQUIRE(ax_thread_join(third, &error) == AX_OK && error == (void *)AX_ERR_TIMED_OUT);
	REQUIRE(comes_to_run_at(first, LOW + 1)); /* who gives up lends nothing any more */
	REQUIRE(axtask_running_level(second) == LOW + 1);
	deadline_ns = AXTASK_FOREVER;
	REQUIRE(spawn_at(HIGH, want_second_until, &deadline_ns, &third) == AX_OK);
	REQUIRE(comes_to_run_at(first, HIGH));
	REQUIRE(axtask_running_level(second) == HIGH);
	REQUIRE(end_chain(first, second));
	REQUIRE(ax_thread_join(third, &error) == AX_OK && error == (void *)AX_OK);
	return NULL;
}

const char *what_is_lent_outlasts_a_change_of_ones_own_level(void)
{
	ax_thread_t *first, *second;
	unsigned level;
	bool sliced;
	REQUIRE(make_chain(&first, &second));
	REQUIRE(axtask_set_level(first, 0, true) == AX_OK);
	REQUIRE(axtask_running_level(first) == LOW + 1);
	axtask_level(first, &level, &sliced);
	REQUIRE(level == 0 && sliced);
	REQUIRE(axtask_set_level(second, MIDDLE, true) == AX_OK);
	REQUIRE(axtask_running_level(first) == MIDDLE);
	REQUIRE(axtask_set_level(first, HIGH, false) == AX_OK);
	REQUIRE(axtask_running_level(first) == HIGH);
	REQUIRE(end_chain(first, second));
	return NULL;
}

static const unsigned s_levels[] = { 3, 7, 5, 7 };
static _Atomic size_t s_served;
static uintptr_t s_served_order[ARRAY_SIZE(s_levels)];

static void *note_service(void *number)
{
	AX_MUTEX_GUARD(&s_first);
	s_served_order[s_served++] = (uintptr_t)number;
	return NULL;
}

const char *an_inheriting_mutex_goes_to_the_highest(void)
{
	static const uintptr_t s_expected[] = { 1, 3, 2, 0 };
	ax_thread_t *threads[ARRAY_SIZE(s_levels)];
	unsigned highest = 0;
	ax_mutex_lock(&s_first);
	for (uintptr_t i = 0; i < ARRAY_SIZE(s_levels); i++) {
		highest = AX_MAX(highest, s_levels[i]);
		REQUIRE(spawn_at(s_levels[i], note_service, (void *)i, &threads[i]) == AX_OK);
		while (!waits_for(&s_first, i + 1))
			ax_sleep_ns(POLL_NS);
		REQUIRE(axtask_running_level(axtask_current()) == highest);
	}
	ax_mutex_unlock(&s_first);
	REQUIRE(axtask_running_level(axtask_current()) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		REQUIRE(ax_thread_join(threads[i], NULL) == AX_OK);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		REQUIRE(s_served_order[i] == s_expected[i]);
	return NULL;
}

static ax_condvar_t s_changed;
static bool s_may_go;

static void *wait_for_change([[maybe_unused]] void *argument)
{
	AX_MUTEX_GUARD(&s_first);
	say_that_it_is_had();
	while (!s_may_go)
		ax_condvar_wait(&s_changed, &s_first);
	return NULL;
}

/* Who was signalled waits for the mutex, which the signaller has. */
const char *a_condition_variable_lends_through_its_mutex(void)
{
	ax_thread_t *thread;
	REQUIRE(spawn_at(HIGH, wait_for_change, NULL, &thread) == AX_OK);
	ax_semaphore_wait(&s_has_it);
	ax_mutex_lock(&s_first);
	REQUIRE(axtask_running_level(axtask_current()) == 0);
	s_may_go = true;
	ax_condvar_signal(&s_changed);
	REQUIRE(comes_to_run_at(axtask_current(), HIGH));
	ax_mutex_unlock(&s_first);
	REQUIRE(axtask_running_level(axtask_current()) == 0);
	REQUIRE(ax_thread_join(thread, NULL) == AX_OK);
	return NULL;
}
