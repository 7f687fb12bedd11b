/* SPDX-License-Identifier: Apache-2.0 */
/* Every object among CPUs that lock, wait, give up and are notified at random, held to what it is for. */
#include "guarded.h"

#include <axhal/time.h>
#include <axsync/barrier.h>
#include <axsync/condvar.h>
#include <axsync/mutex.h>
#include <axsync/once.h>
#include <axsync/rwlock.h>
#include <axsync/semaphore.h>

enum { ROUNDS = 3000 };

/* ------------------------------------------------------------------------------------------------------------- mutex */

/* Of the kind that inherits priorities where there is that. */
static ax_mutex_t s_mutex = AX_MUTEX_INIT_INHERITING;
static atomic_uint_fast64_t s_locked;

static bool lock_somehow(ax_mutex_t *mutex)
{
	switch (host_random(5)) {
	case 0:
		return ax_mutex_try_lock(mutex);
	case 1:
		return ax_mutex_lock_until(mutex, host_soon(SHORT_NS)) == AX_OK;
	case 2:
		return ax_mutex_lock_interruptible(mutex, host_soon(2 * SHORT_NS)) == AX_OK;
	default:
		ax_mutex_lock(mutex);
		return true;
	}
}

static void use_mutex(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		notify_somebody(cpu);
		if (!lock_somehow(&s_mutex))
			continue;
		require(ax_mutex_is_mine(&s_mutex));
		change_data();
		s_locked++;
		ax_mutex_unlock(&s_mutex);
		host_dawdle();
	}
}

TEST(a_mutex_lets_one_in_at_a_time)
{
	s_wrong = 0;
	s_locked = s_data.count = s_data.copy = 0;
	host_run(CPUS, use_mutex, NULL);
	CHECK_EQ(s_data.count, s_locked);
	CHECK(s_locked > 0);
	CHECK(!ax_mutex_owner(&s_mutex));
	CHECK_EQ(s_wrong, 0);
}

/* What a reference count does: the last to leave destroys what the others have just unlocked. */
typedef struct counted {
	ax_mutex_t mutex;
	unsigned references;
} counted_t;

enum { OBJECTS = 2000 };
static counted_t *s_counted[OBJECTS];

static void drop_references(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < OBJECTS; i++) {
		counted_t *object = s_counted[i];
		if ((i + (int)cpu) % 3 == 0) {
			if (ax_mutex_lock_until(&object->mutex, host_soon(SHORT_NS)) != AX_OK)
				ax_mutex_lock(&object->mutex);
		} else {
			ax_mutex_lock(&object->mutex);
		}
		host_dawdle();
		bool last = --object->references == 0;
		ax_mutex_unlock(&object->mutex);
		if (last)
			free(object);
	}
}

TEST(a_mutex_may_be_destroyed_by_its_last_owner)
{
	for (int i = 0; i < OBJECTS; i++) {
		s_counted[i] = malloc(sizeof *s_counted[i]);
		*s_counted[i] = (counted_t){ .mutex = AX_MUTEX_INIT_INHERITING, .references = CPUS };
	}
	host_run(CPUS, drop_references, NULL);
}

/* One gives up, which the owner learns as it unlocks; then it takes the mutex, without its queue, and destroys it. */
static ax_mutex_t *s_given_up;
static atomic_bool s_is_locked, s_has_given_up;

static void give_up_and_destroy(unsigned cpu, [[maybe_unused]] void *argument)
{
	if (cpu == 0) {
		ax_mutex_lock(s_given_up);
		s_is_locked = true;
		while (!s_has_given_up)
			host_dawdle();
		ax_mutex_unlock(s_given_up);
		return;
	}
	while (!s_is_locked)
		host_dawdle();
	require(ax_mutex_lock_until(s_given_up, host_soon(SHORT_NS)) == AX_ERR_TIMED_OUT);
	s_has_given_up = true;
	while (!ax_mutex_try_lock(s_given_up))
		host_dawdle();
	ax_mutex_unlock(s_given_up);
	free(s_given_up);
}

TEST(an_unlock_that_finds_all_waiters_gone_is_over_when_the_mutex_is_free)
{
	s_wrong = 0;
	for (int i = 0; i < 100; i++) {
		s_is_locked = s_has_given_up = false;
		s_given_up = malloc(sizeof *s_given_up);
		*s_given_up = (ax_mutex_t)AX_MUTEX_INIT_INHERITING;
		host_run(2, give_up_and_destroy, NULL);
	}
	CHECK_EQ(s_wrong, 0);
}

/* ------------------------------------------------------------------------------------------------ condition variable */

static ax_condvar_t s_filled, s_drained;
static unsigned s_items;

enum { RING = 3 };

static void await(ax_condvar_t *condvar)
{
	switch (host_random(3)) {
	case 0:
		(void)ax_condvar_wait_until(condvar, &s_mutex, host_soon(SHORT_NS));
		break;
	case 1:
		if (ax_condvar_wait_interruptible(condvar, &s_mutex, host_soon(10 * SHORT_NS)) != AX_OK)
			ax_mutex_lock(&s_mutex);
		break;
	default:
		ax_condvar_wait(condvar, &s_mutex);
	}
}

static void announce(ax_condvar_t *condvar)
{
	if (host_random(3) == 0)
		ax_condvar_broadcast(condvar);
	else
		ax_condvar_signal(condvar);
}

static void produce(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		ax_mutex_lock(&s_mutex);
		while (s_items == RING)
			await(&s_drained);
		s_items++;
		change_data();
		bool inside = host_random(2);
		if (inside)
			announce(&s_filled);
		ax_mutex_unlock(&s_mutex);
		if (!inside)
			announce(&s_filled);
	}
}

static void consume(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		ax_mutex_lock(&s_mutex);
		while (s_items == 0)
			await(&s_filled);
		s_items--;
		change_data();
		announce(&s_drained);
		ax_mutex_unlock(&s_mutex);
	}
}

static void pass_items(unsigned cpu, [[maybe_unused]] void *argument)
{
	if (cpu % 2)
		produce();
	else
		consume();
}

TEST(condition_variables_lose_no_signal)
{
	s_wrong = 0;
	s_data.count = s_data.copy = 0;
	host_run(CPUS, pass_items, NULL);
	CHECK_EQ(s_items, 0);
	CHECK_EQ(s_data.count, CPUS * ROUNDS);
	CHECK_EQ(s_wrong, 0);
}

/* CPU 0 signals while it has the mutex, and keeps that until after the deadline of who was signalled. */
static ax_condvar_t s_late;
static bool s_waits;
static uint64_t s_deadline_ns;
static atomic_uint s_signalled_in_time;
static ax_err_t s_wait_result;

static void signal_just_in_time(unsigned cpu, [[maybe_unused]] void *argument)
{
	enum { WAIT_NS = 3000000 };
	if (cpu == 1) {
		AX_MUTEX_GUARD(&s_mutex);
		s_deadline_ns = axhal_now_ns() + WAIT_NS;
		s_waits = true;
		s_wait_result = ax_condvar_wait_until(&s_late, &s_mutex, s_deadline_ns);
		return;
	}
	ax_mutex_lock(&s_mutex);
	while (!s_waits) {
		ax_mutex_unlock(&s_mutex);
		host_dawdle();
		ax_mutex_lock(&s_mutex);
	}
	ax_condvar_signal(&s_late);
	s_signalled_in_time = axhal_now_ns() < s_deadline_ns;
	while (axhal_now_ns() < s_deadline_ns + WAIT_NS / 4)
		host_dawdle();
	ax_mutex_unlock(&s_mutex);
}

TEST(who_was_signalled_before_its_deadline_has_been_signalled_however_late_it_gets_the_mutex)
{
	for (unsigned in_time = 0; in_time < 20; in_time += s_signalled_in_time) {
		s_waits = false;
		host_run(2, signal_just_in_time, NULL);
		CHECK(!s_signalled_in_time || s_wait_result == AX_OK);
	}
}
