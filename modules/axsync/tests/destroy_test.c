/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that one of those who have waited frees as soon as it is back, while the others, wakers too, may still be on
 * their way out. And what each object counts, among waits that end by deadlines and notices.
 */
#include "host_cpus.h"

#include <axhal/time.h>
#include <axsync/barrier.h>
#include <axsync/condvar.h>
#include <axsync/once.h>
#include <axsync/rwlock.h>
#include <axsync/semaphore.h>

enum { CPUS = 4, ROUNDS = 1000, SHORT_NS = 30000 };

static atomic_uint s_wrong; /* things that must not happen */

static void require(bool condition)
{
	if (!condition)
		s_wrong++;
}

/* CPU 0 hands an object to each of the others, which does its part with it. */
typedef struct letter {
	_Atomic(void *) object;
	char padding[56];
} letter_t;

static letter_t s_letters[CPUS];

static void send(unsigned cpu, void *object)
{
	while (s_letters[cpu].object)
		host_dawdle();
	s_letters[cpu].object = object;
}

static void *receive(unsigned cpu)
{
	void *object;
	while (!(object = atomic_exchange(&s_letters[cpu].object, NULL)))
		host_dawdle();
	return object;
}

/* --------------------------------------------------------------------------------------------------------- semaphore */

static void post_and_free(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (cpu) {
			require(ax_semaphore_post(receive(cpu)) == AX_OK);
			continue;
		}
		ax_semaphore_t *semaphore = malloc(sizeof *semaphore);
		ax_semaphore_init(semaphore, 0);
		for (unsigned other = 1; other < CPUS; other++)
			send(other, semaphore);
		for (unsigned got = 1; got < CPUS;) {
			if (host_random(3) == 0)
				got += ax_semaphore_wait_until(semaphore, host_soon(SHORT_NS)) == AX_OK;
			else
				ax_semaphore_wait(semaphore), got++;
		}
		free(semaphore);
	}
}

TEST(a_semaphore_may_be_destroyed_by_who_got_the_last_unit)
{
	s_wrong = 0;
	host_run(CPUS, post_and_free, NULL);
	CHECK_EQ(s_wrong, 0);
}

static ax_semaphore_t s_semaphore;
static atomic_int s_balance; /* units taken */

static void take_and_give(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (host_random(2))
			host_notify((cpu + 1) % CPUS);
		else
			(void)axtask_take_notice();
		bool taken = host_random(2) ? ax_semaphore_wait_until(&s_semaphore, host_soon(SHORT_NS)) == AX_OK
					    : ax_semaphore_wait_interruptible(&s_semaphore, host_soon(SHORT_NS)) == AX_OK;
		s_balance += taken;
		if (taken || host_random(8) == 0) {
			s_balance--;
			require(ax_semaphore_post(&s_semaphore) == AX_OK);
		}
	}
}

TEST(no_unit_is_lost_between_a_post_and_a_deadline_or_notice)
{
	s_wrong = 0;
	s_balance = 0;
	ax_semaphore_init(&s_semaphore, 1);
	host_run(CPUS, take_and_give, NULL);
	CHECK_EQ(s_wrong, 0);
	CHECK_EQ(ax_semaphore_value(&s_semaphore), 1 - s_balance);
}

/* ----------------------------------------------------------------------------------------------------------- barrier */

typedef struct meeting {
	ax_barrier_t barrier;
	unsigned arrived[2]; /* of each round; not atomic: the barrier orders it */
} meeting_t;

static atomic_uint s_lasts, s_returned;

static void meet_and_free(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 1; i <= ROUNDS; i++) {
		meeting_t *meeting;
		if (cpu == 0) {
			meeting = calloc(1, sizeof *meeting);
			require(ax_barrier_init(&meeting->barrier, CPUS) == AX_OK);
			for (unsigned other = 1; other < CPUS; other++)
				send(other, meeting);
		} else {
			meeting = receive(cpu);
		}
		s_lasts += ax_barrier_wait(&meeting->barrier);
		host_dawdle();
		s_lasts += ax_barrier_wait(&meeting->barrier);
		if (s_returned++ % CPUS == 0)
			free(meeting); /* the first to return */
	}
}

TEST(a_barrier_may_be_destroyed_by_the_first_to_return)
{
	s_wrong = 0;
	s_lasts = s_returned = 0;
	host_run(CPUS, meet_and_free, NULL);
	CHECK_EQ(s_wrong, 0);
	CHECK_EQ(s_lasts, 2 * ROUNDS);
}

static ax_barrier_t s_barrier;
static atomic_uint s_arrivals;

/* Whoever is interrupted comes again. */
static void meet_among_notices(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (unsigned round = 1; round <= ROUNDS; round++) {
		bool last;
		s_arrivals++;
		host_notify((cpu + 1 + host_random(CPUS - 1)) % CPUS);
		while (ax_barrier_wait_interruptible(&s_barrier, &last) != AX_OK)
			(void)axtask_take_notice();
		s_lasts += last;
		require(s_arrivals >= round * CPUS && s_arrivals <= (round + 1) * CPUS);
	}
}

TEST(a_barrier_counts_everybody_once_however_often_they_are_interrupted)
{
	s_wrong = 0;
	s_lasts = s_arrivals = 0;
	CHECK_EQ(ax_barrier_init(&s_barrier, CPUS), AX_OK);
	host_run(CPUS, meet_among_notices, NULL);
	CHECK_EQ(s_wrong, 0);
	CHECK_EQ(s_lasts, ROUNDS);
	CHECK_EQ(s_barrier.stragglers, 0);
}

/* ------------------------------------------------------------------------------------------------ condition variable */

typedef struct gate {
	ax_condvar_t opened;
	unsigned waiting;
} gate_t;

static ax_mutex_t s_gate_mutex;
static bool s_open[ROUNDS];

static void open_and_free(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (cpu == 0) {
			gate_t *gate = calloc(1, sizeof *gate);
			for (unsigned other = 1; other < CPUS; other++)
				send(other, gate);
			ax_mutex_lock(&s_gate_mutex);
			while (gate->waiting < CPUS - 1) {
				ax_mutex_unlock(&s_gate_mutex);
				host_dawdle();
				ax_mutex_lock(&s_gate_mutex);
			}
			s_open[i] = true;
			bool inside = host_random(2);
			if (inside)
				ax_condvar_broadcast(&gate->opened);
			ax_mutex_unlock(&s_gate_mutex);
			if (!inside)
				ax_condvar_broadcast(&gate->opened);
			free(gate);
			continue;
		}
		gate_t *gate = receive(cpu);
		AX_MUTEX_GUARD(&s_gate_mutex);
		gate->waiting++;
		while (!s_open[i])
			ax_condvar_wait(&gate->opened, &s_gate_mutex);
	}
}

TEST(a_condition_variable_may_be_destroyed_right_after_the_broadcast)
{
	host_run(CPUS, open_and_free, NULL);
}

/* ---------------------------------------------------------------------------------------------- readers-writer lock */

static ax_rwlock_t s_rwlock;
static uint64_t s_first, s_second; /* alike, but while they are written */
static atomic_uint s_writes;

static bool lock_somehow(bool write)
{
	uint64_t deadline_ns = host_soon(2 * SHORT_NS);
	switch (host_random(4)) {
	case 0:
		return write ? ax_rwlock_try_write_lock(&s_rwlock) : ax_rwlock_try_read_lock(&s_rwlock);
	case 1:
		return (write ? ax_rwlock_write_lock_until(&s_rwlock, deadline_ns)
			      : ax_rwlock_read_lock_until(&s_rwlock, deadline_ns)) == AX_OK;
	default:
		if (write)
			ax_rwlock_write_lock(&s_rwlock);
		else
			ax_rwlock_read_lock(&s_rwlock);
		return true;
	}
}

static void read_or_write([[maybe_unused]] unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS * 3; i++) {
		bool write = host_random(4) == 0;
		if (!lock_somehow(write))
			continue;
		require(s_first == s_second);
		if (write) {
			s_first++;
			host_dawdle();
			s_second++;
			s_writes++;
		}
		host_dawdle();
		ax_rwlock_unlock(&s_rwlock);
	}
}

TEST(readers_see_no_half_written_state)
{
	s_wrong = 0;
	host_run(CPUS, read_or_write, NULL);
	CHECK_EQ(s_wrong, 0);
	CHECK_EQ(s_first, s_writes);
	CHECK(!ax_rwlock_is_locked(&s_rwlock));
}

static atomic_bool s_reader_is_in, s_writer_gave_up;

static void wait_behind_a_writer(unsigned cpu, [[maybe_unused]] void *argument)
{
	switch (cpu) {
	case 0: /* reads until the other reader is in, too */
		while (!s_reader_is_in)
			host_dawdle();
		ax_rwlock_unlock(&s_rwlock);
		break;
	case 1:
		require(ax_rwlock_write_lock_until(&s_rwlock, axhal_now_ns() + 20 * SHORT_NS) == AX_ERR_TIMED_OUT);
		s_writer_gave_up = true;
		break;
	default: /* comes after the writer */
		while (!s_writer_gave_up && ax_rwlock_try_read_lock(&s_rwlock))
			ax_rwlock_unlock(&s_rwlock);
		ax_rwlock_read_lock(&s_rwlock);
		s_reader_is_in = true;
		ax_rwlock_unlock(&s_rwlock);
	}
}

TEST(a_writer_that_gives_up_lets_in_the_readers_behind_it)
{
	s_wrong = 0;
	for (int i = 0; i < 100; i++) {
		s_reader_is_in = s_writer_gave_up = false;
		CHECK(ax_rwlock_try_read_lock(&s_rwlock));
		host_run(3, wait_behind_a_writer, NULL);
	}
	CHECK_EQ(s_wrong, 0);
}

typedef struct shared {
	ax_rwlock_t lock;
	unsigned references;
} shared_t;

static void drop_and_free(unsigned cpu, [[maybe_unused]] void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		shared_t *shared;
		if (cpu == 0) {
			shared = calloc(1, sizeof *shared);
			shared->references = CPUS;
			for (unsigned other = 1; other < CPUS; other++)
				send(other, shared);
		} else {
			shared = receive(cpu);
		}
		ax_rwlock_read_lock(&shared->lock);
		require(shared->references > 0);
		ax_rwlock_unlock(&shared->lock);
		ax_rwlock_write_lock(&shared->lock);
		bool last = --shared->references == 0;
		ax_rwlock_unlock(&shared->lock);
		if (last)
			free(shared);
	}
}

TEST(a_readers_writer_lock_may_be_destroyed_by_its_last_holder)
{
	s_wrong = 0;
	host_run(CPUS, drop_and_free, NULL);
	CHECK_EQ(s_wrong, 0);
}

/* -------------------------------------------------------------------------------------------------------------- once */

static ax_once_t s_once[ROUNDS];
static int s_runs[ROUNDS];
static _Thread_local int s_round;

static void count_run(void)
{
	host_dawdle();
	s_runs[s_round]++;
}

static void want_once([[maybe_unused]] unsigned cpu, [[maybe_unused]] void *argument)
{
	for (s_round = 0; s_round < ROUNDS; s_round++) {
		ax_once(&s_once[s_round], count_run);
		require(s_runs[s_round] == 1);
	}
}

TEST(whoever_comes_to_a_once_later_sees_what_the_first_did)
{
	s_wrong = 0;
	host_run(CPUS, want_once, NULL);
	CHECK_EQ(s_wrong, 0);
}
