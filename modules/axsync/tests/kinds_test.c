/* SPDX-License-Identifier: Apache-2.0 */
/* Recursive and error-checking mutexes, and events, among CPUs that lock, wait, give up and are notified at random. */
#include "guarded.h"

#include <axsync/checked_mutex.h>
#include <axsync/event.h>
#include <axsync/recursive_mutex.h>

enum { ROUNDS = 2000 };

/* --------------------------------------------------------------------------------------------------- recursive mutex */

static ax_recursive_mutex_t s_recursive = AX_RECURSIVE_MUTEX_INIT;
static atomic_uint_fast64_t s_locked;

static bool lock_recursive_somehow(void)
{
	switch (host_random(4)) {
	case 0:
		return ax_recursive_mutex_try_lock(&s_recursive);
	case 1:
		return ax_recursive_mutex_lock_until(&s_recursive, host_soon(SHORT_NS)) == AX_OK;
	case 2:
		return ax_recursive_mutex_lock_interruptible(&s_recursive, host_soon(SHORT_NS)) == AX_OK;
	default:
		return ax_recursive_mutex_lock(&s_recursive) == AX_OK;
	}
}

static void nest(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		unsigned depth = 0;
		notify_somebody(cpu);
		while (depth < 3 && lock_recursive_somehow()) {
			depth++;
			require(s_recursive.depth == depth - 1);
			change_data();
			s_locked++;
		}
		for (; depth; depth--) {
			change_data();
			s_locked++;
			require(ax_recursive_mutex_unlock(&s_recursive) == AX_OK);
		}
	}
}

TEST(a_recursive_mutex_is_free_when_it_was_unlocked_as_often_as_locked)
{
	s_wrong = 0;
	s_locked = s_data.count = s_data.copy = 0;
	host_run(CPUS, nest, NULL);
	CHECK_EQ(s_wrong, 0);
	CHECK_EQ(s_data.count, s_locked);
	CHECK_EQ(s_recursive.mutex.owner, 0);
	CHECK_EQ(s_recursive.depth, 0);
}

static void lock_to_the_limit([[maybe_unused]] unsigned cpu, [[maybe_unused]] void *argument)
{
	AX_RECURSIVE_MUTEX_GUARD(&s_recursive);
	require(ax_recursive_mutex_unlock(&s_recursive) == AX_OK);
	require(ax_recursive_mutex_unlock(&s_recursive) == AX_ERR_NOT_PERMITTED);
	require(ax_recursive_mutex_lock(&s_recursive) == AX_OK);
	s_recursive.depth = UINT32_MAX;
	require(ax_recursive_mutex_lock(&s_recursive) == AX_ERR_OVERFLOW);
	require(!ax_recursive_mutex_try_lock(&s_recursive));
	s_recursive.depth = 0;
}

TEST(a_recursive_mutex_refuses_to_be_locked_too_often_or_unlocked_by_others)
{
	s_wrong = 0;
	host_run(1, lock_to_the_limit, NULL);
	CHECK_EQ(s_wrong, 0);
	CHECK_EQ(s_recursive.mutex.owner, 0); /* the guard has unlocked it */
}

/* ---------------------------------------------------------------------------------------------- error-checking mutex */

static ax_checked_mutex_t s_checked = AX_CHECKED_MUTEX_INIT;

static ax_err_t lock_checked_somehow(void)
{
	switch (host_random(4)) {
	case 0:
		return ax_checked_mutex_try_lock(&s_checked) ? AX_OK : AX_ERR_BUSY;
	case 1:
		return ax_checked_mutex_lock_until(&s_checked, host_soon(SHORT_NS));
	case 2:
		return ax_checked_mutex_lock_interruptible(&s_checked, host_soon(SHORT_NS));
	default:
		return ax_checked_mutex_lock(&s_checked);
	}
}

static void lock_twice(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		notify_somebody(cpu);
		if (lock_checked_somehow() != AX_OK) {
			require(ax_checked_mutex_unlock(&s_checked) == AX_ERR_NOT_PERMITTED);
			continue;
		}
		change_data();
		s_locked++;
		ax_err_t again = lock_checked_somehow();
		require(again == AX_ERR_DEADLOCK || again == AX_ERR_BUSY);
		require(ax_checked_mutex_unlock(&s_checked) == AX_OK);
	}
}

TEST(an_error_checking_mutex_tells_its_owner_from_others)
{
	s_wrong = 0;
	s_locked = s_data.count = s_data.copy = 0;
	host_run(CPUS, lock_twice, NULL);
	CHECK_EQ(s_wrong, 0);
	CHECK_EQ(s_data.count, s_locked);
	CHECK_EQ(s_checked.mutex.owner, 0);
}

static void leave_scopes([[maybe_unused]] unsigned cpu, [[maybe_unused]] void *argument)
{
	{
		AX_CHECKED_MUTEX_SCOPE(scope);
		require(ax_checked_mutex_enter(&s_checked, &scope) == AX_OK);
		{
			AX_CHECKED_MUTEX_SCOPE(inner);
			require(ax_checked_mutex_enter(&s_checked, &inner) == AX_ERR_DEADLOCK);
		}
		require(ax_mutex_is_mine(&s_checked.mutex));
	}
	require(!ax_mutex_is_mine(&s_checked.mutex));
}

TEST(a_scope_that_did_not_get_the_mutex_does_not_unlock_it)
{
	s_wrong = 0;
	host_run(1, leave_scopes, NULL);
	CHECK_EQ(s_wrong, 0);
}

/* ------------------------------------------------------------------------------------------------------------- event */

static void set_and_clear([[maybe_unused]] unsigned cpu, [[maybe_unused]] void *argument)
{
	ax_event_t manual = AX_EVENT_MANUAL_RESET, automatic = AX_EVENT_AUTO_RESET;
	require(ax_event_wait_until(&manual, host_soon(SHORT_NS)) == AX_ERR_TIMED_OUT);
	require(!ax_event_try_wait(&automatic));
	ax_event_set(&manual);
	ax_event_set(&automatic);
	ax_event_set(&automatic); /* kept once */
	ax_event_wait(&manual);
	ax_event_wait(&automatic);
	require(ax_event_try_wait(&manual));
	require(ax_event_wait_until(&automatic, host_soon(SHORT_NS)) == AX_ERR_TIMED_OUT);
	ax_event_clear(&manual);
	ax_event_set(&automatic);
	ax_event_clear(&automatic);
	require(!ax_event_try_wait(&manual));
	require(!ax_event_try_wait(&automatic));
}

TEST(an_event_is_set_until_it_is_cleared_or_has_let_one_through)
{
	s_wrong = 0;
	host_run(1, set_and_clear, NULL);
	CHECK_EQ(s_wrong, 0);
}

static ax_event_t s_token;

static bool take_token_somehow(void)
{
	switch (host_random(4)) {
	case 0:
		return ax_event_try_wait(&s_token);
	case 1:
		return ax_event_wait_until(&s_token, host_soon(SHORT_NS)) == AX_OK;
	case 2:
		return ax_event_wait_interruptible(&s_token, host_soon(SHORT_NS)) == AX_OK;
	default:
		ax_event_wait(&s_token);
		return true;
	}
}

static void pass_token(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		notify_somebody(cpu);
		if (!take_token_somehow())
			continue;
		change_data();
		s_locked++;
		ax_event_set(&s_token);
		host_dawdle();
	}
}

TEST(an_auto_reset_event_lets_one_through_each_time_and_loses_no_setting)
{
	s_wrong = 0;
	s_locked = s_data.count = s_data.copy = 0;
	ax_event_init(&s_token, true);
	ax_event_set(&s_token);
	host_run(CPUS, pass_token, NULL);
	CHECK_EQ(s_wrong, 0);
	CHECK_EQ(s_data.count, s_locked);
	CHECK(s_token.set);
}

typedef struct gate {
	ax_event_t opened;
	atomic_uint references;
	int content; /* written before the gate is opened; the event orders it */
} gate_t;

static gate_t *s_gates[ROUNDS];

/* CPU 0 opens; the last through frees it, while the opener may still be on its way out. */
static void go_through_gates(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		gate_t *gate = s_gates[i];
		if (cpu == 0) {
			host_dawdle();
			gate->content = i;
			ax_event_set(&gate->opened);
			continue;
		}
		if (host_random(3) || ax_event_wait_until(&gate->opened, host_soon(SHORT_NS)) != AX_OK)
			ax_event_wait(&gate->opened);
		require(gate->content == i);
		if (--gate->references == 0)
			free(gate);
	}
}

TEST(a_manual_reset_event_lets_all_through_the_last_of_whom_may_destroy_it)
{
	s_wrong = 0;
	for (int i = 0; i < ROUNDS; i++) {
		s_gates[i] = calloc(1, sizeof *s_gates[i]);
		s_gates[i]->references = CPUS - 1;
	}
	host_run(CPUS, go_through_gates, NULL);
	CHECK_EQ(s_wrong, 0);
}

static _Atomic(ax_event_t *) s_done;

/* One waits for what the other does, and frees the event as soon as it is let through. */
static void await_and_free(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		ax_event_t *done;
		if (cpu == 0) {
			done = malloc(sizeof *done);
			ax_event_init(done, true);
			s_done = done;
			ax_event_wait(done);
			free(done);
		} else {
			while (!(done = atomic_exchange(&s_done, NULL)))
				host_dawdle();
			ax_event_set(done);
		}
	}
}

TEST(an_auto_reset_event_may_be_destroyed_by_who_was_let_through)
{
	host_run(2, await_and_free, NULL);
}
