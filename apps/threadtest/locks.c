/* SPDX-License-Identifier: Apache-2.0 */
/* Every lock, with the invariant that it is for. */
#include "threadtest.h"

enum { THREADS = 8, ROUNDS = 2000, SHORT_NS = 2000000 };

static ax_mutex_t s_mutex = AX_MUTEX_INIT;
static ax_condvar_t s_condvar = AX_CONDVAR_INIT;
static uint64_t s_count;

static void *add_with_yields(void *number)
{
	for (uintptr_t i = 0; i < ROUNDS; i++) {
		AX_MUTEX_GUARD(&s_mutex);
		uint64_t seen = s_count;
		if ((i + (uintptr_t)number) % 7 == 0)
			ax_thread_yield(); /* inside the critical section */
		s_count = seen + 1;
	}
	return NULL;
}

const char *mutex_excludes(void)
{
	s_count = 0;
	REQUIRE(run_threads(THREADS, add_with_yields));
	REQUIRE(s_count == THREADS * ROUNDS);
	REQUIRE(ax_mutex_try_lock(&s_mutex));
	REQUIRE(ax_mutex_is_mine(&s_mutex));
	ax_mutex_unlock(&s_mutex);
	return NULL;
}

static void *try_for_a_while(void *result)
{
	*(ax_err_t *)result = ax_mutex_lock_until(&s_mutex, ax_now_ns() + SHORT_NS);
	return NULL;
}

const char *mutex_gives_up_at_its_deadline(void)
{
	ax_thread_t *thread;
	ax_err_t result = AX_OK;
	AX_MUTEX_GUARD(&s_mutex);
	REQUIRE(ax_thread_spawn(try_for_a_while, &result, &thread) == AX_OK);
	REQUIRE(ax_thread_join(thread, NULL) == AX_OK);
	REQUIRE(result == AX_ERR_TIMED_OUT);
	REQUIRE(ax_mutex_is_mine(&s_mutex));
	return NULL;
}

static uintptr_t s_turn;

static void *take_turns(void *number)
{
	AX_MUTEX_GUARD(&s_mutex);
	for (int i = 0; i < ROUNDS; i++) {
		while (s_turn != (uintptr_t)number)
			ax_condvar_wait(&s_condvar, &s_mutex);
		s_count++;
		s_turn = 1 - s_turn;
		ax_condvar_signal(&s_condvar);
	}
	return NULL;
}

const char *condvar_hands_over(void)
{
	s_count = s_turn = 0;
	REQUIRE(run_threads(2, take_turns));
	REQUIRE(s_count == 2 * ROUNDS);
	return NULL;
}

const char *condvar_gives_up_at_its_deadline(void)
{
	AX_MUTEX_GUARD(&s_mutex);
	uint64_t deadline = ax_now_ns() + SHORT_NS;
	REQUIRE(ax_condvar_wait_until(&s_condvar, &s_mutex, deadline) == AX_ERR_TIMED_OUT);
	REQUIRE(ax_now_ns() >= deadline);
	REQUIRE(ax_mutex_is_mine(&s_mutex));
	return NULL;
}

static bool s_open;

static void *wait_for_opening([[maybe_unused]] void *number)
{
	AX_MUTEX_GUARD(&s_mutex);
	s_count++;
	while (!s_open)
		ax_condvar_wait(&s_condvar, &s_mutex);
	s_count--;
	return NULL;
}

static void *open_when_all_wait([[maybe_unused]] void *argument)
{
	for (;;) {
		AX_MUTEX_GUARD(&s_mutex);
		if (s_count == THREADS) {
			s_open = true;
			ax_condvar_broadcast(&s_condvar);
			return NULL;
		}
		ax_mutex_unlock(&s_mutex);
		ax_thread_yield();
		ax_mutex_lock(&s_mutex);
	}
}

const char *broadcast_wakes_all(void)
{
	ax_thread_t *opener;
	s_count = 0;
	s_open = false;
	REQUIRE(ax_thread_spawn(open_when_all_wait, NULL, &opener) == AX_OK);
	REQUIRE(run_threads(THREADS, wait_for_opening));
	REQUIRE(ax_thread_join(opener, NULL) == AX_OK);
	REQUIRE(s_count == 0);
	return NULL;
}

enum { RING = 4 };
static ax_semaphore_t s_items, s_room;
static uint64_t s_ring[RING], s_sum;

static void *produce([[maybe_unused]] void *argument)
{
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		ax_semaphore_wait(&s_room);
		s_ring[i % RING] = i;
		if (ax_semaphore_post(&s_items) != AX_OK)
			return (void *)1;
	}
	return NULL;
}

const char *semaphore_counts(void)
{
	ax_thread_t *producer;
	void *problem;
	ax_semaphore_init(&s_items, 0);
	ax_semaphore_init(&s_room, RING);
	s_sum = 0;
	REQUIRE(!ax_semaphore_try_wait(&s_items));
	REQUIRE(ax_semaphore_wait_until(&s_items, ax_now_ns() + SHORT_NS) == AX_ERR_TIMED_OUT);
	REQUIRE(ax_thread_spawn(produce, NULL, &producer) == AX_OK);
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		ax_semaphore_wait(&s_items);
		s_sum += s_ring[i % RING];
		REQUIRE(ax_semaphore_post(&s_room) == AX_OK);
	}
	REQUIRE(ax_thread_join(producer, &problem) == AX_OK && !problem);
	REQUIRE(s_sum == (uint64_t)ROUNDS * (ROUNDS + 1) / 2);
	REQUIRE(ax_semaphore_value(&s_room) == RING);
	ax_semaphore_init(&s_items, UINT32_MAX);
	REQUIRE(ax_semaphore_post(&s_items) == AX_ERR_OVERFLOW);
	return NULL;
}

static ax_semaphore_t s_raced;
static uint32_t s_taken[THREADS];

/* Deadlines so near that many pass just as a unit is given. */
static void *take_in_a_hurry(void *number)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (ax_semaphore_wait_until(&s_raced, ax_now_ns() + (uint64_t)(i % 50) * 1000) == AX_OK)
			s_taken[(uintptr_t)number]++;
		if (ax_semaphore_post(&s_raced) == AX_OK)
			s_taken[(uintptr_t)number]--;
		if (i % 3 == 0)
			ax_thread_yield();
	}
	return NULL;
}

const char *a_wake_up_and_a_deadline_may_meet(void)
{
	ax_semaphore_init(&s_raced, 0);
	REQUIRE(run_threads(THREADS, take_in_a_hurry));
	uint32_t taken = 0;
	for (int i = 0; i < THREADS; i++)
		taken += s_taken[i]; /* wraps below 0: more were given than taken */
	REQUIRE(ax_semaphore_value(&s_raced) == 0u - taken);
	REQUIRE(axtask_count() == 1);
	return NULL;
}

static void *take_before_the_deadline(void *deadline_ns)
{
	return (void *)(uintptr_t)ax_semaphore_wait_until(&s_raced, *(uint64_t *)deadline_ns);
}

const char *a_deadline_after_the_wake_up_wakes_nobody_twice(void)
{
	ax_thread_t *thread;
	void *result;
	uint64_t deadline_ns = ax_now_ns() + SHORT_NS;
	ax_semaphore_init(&s_raced, 0);
	REQUIRE(ax_thread_spawn(take_before_the_deadline, &deadline_ns, &thread) == AX_OK);
	ax_thread_yield();
	REQUIRE(ax_semaphore_post(&s_raced) == AX_OK);
	while (ax_now_ns() < deadline_ns + SHORT_NS) {
		/* the thread is runnable but does not run: its timer fires now */
	}
	REQUIRE(ax_thread_join(thread, &result) == AX_OK);
	REQUIRE(result == (void *)AX_OK || result == (void *)AX_ERR_TIMED_OUT);
	s_count = 0;
	REQUIRE(run_threads(THREADS, add_with_yields));
	REQUIRE(s_count == THREADS * ROUNDS);
	return NULL;
}

static ax_rwlock_t s_rwlock;
static _Atomic int s_readers;
static bool s_writing;
static _Atomic bool s_clash;

static void note_clash(bool clash)
{
	if (clash)
		s_clash = true;
}

static void *read_or_write(void *number)
{
	for (int i = 0; i < 200; i++) {
		if ((uintptr_t)number % 4 == 0) {
			AX_RWLOCK_WRITE_GUARD(&s_rwlock);
			note_clash(s_writing || s_readers > 0);
			s_writing = true;
			ax_thread_yield();
			s_writing = false;
		} else {
			AX_RWLOCK_READ_GUARD(&s_rwlock);
			s_readers++;
			note_clash(s_writing);
			ax_thread_yield();
			s_readers--;
		}
		ax_thread_yield();
	}
	return NULL;
}

static ax_barrier_t s_all_inside;

static void *read_together([[maybe_unused]] void *number)
{
	AX_RWLOCK_READ_GUARD(&s_rwlock);
	ax_barrier_wait(&s_all_inside);
	return NULL;
}

const char *rwlock_shares_reads_and_excludes_writes(void)
{
	REQUIRE(run_threads(THREADS, read_or_write));
	REQUIRE(!s_clash);
	REQUIRE(ax_barrier_init(&s_all_inside, THREADS) == AX_OK);
	REQUIRE(run_threads(THREADS, read_together)); /* ends if all hold it at the same time */
	REQUIRE(ax_rwlock_try_write_lock(&s_rwlock));
	REQUIRE(!ax_rwlock_try_read_lock(&s_rwlock));
	REQUIRE(ax_rwlock_read_lock_until(&s_rwlock, ax_now_ns() + SHORT_NS) == AX_ERR_TIMED_OUT);
	ax_rwlock_unlock(&s_rwlock);
	REQUIRE(ax_rwlock_try_read_lock(&s_rwlock));
	REQUIRE(ax_rwlock_write_lock_until(&s_rwlock, ax_now_ns() + SHORT_NS) == AX_ERR_TIMED_OUT);
	REQUIRE(ax_rwlock_try_read_lock(&s_rwlock));
	ax_rwlock_unlock(&s_rwlock);
	ax_rwlock_unlock(&s_rwlock);
	return NULL;
}

static ax_barrier_t s_barrier;
static _Atomic uint32_t s_lasts, s_arrivals;
static _Atomic bool s_early;

static void *go_through([[maybe_unused]] void *number)
{
	for (uint32_t round = 1; round <= 100; round++) {
		s_arrivals++;
		s_lasts += ax_barrier_wait(&s_barrier);
		if (s_arrivals < round * THREADS)
			s_early = true;
	}
	return NULL;
}

const char *barrier_has_one_last_each_round(void)
{
	REQUIRE(ax_barrier_init(&s_barrier, 0) == AX_ERR_INVALID_INPUT);
	REQUIRE(ax_barrier_init(&s_barrier, THREADS) == AX_OK);
	REQUIRE(run_threads(THREADS, go_through));
	REQUIRE(s_lasts == 100);
	REQUIRE(!s_early);
	return NULL;
}

static ax_once_t s_once;
static int s_runs;
static _Atomic bool s_unready;

static void run_slowly(void)
{
	ax_thread_yield();
	s_runs++;
}

static void *want_once([[maybe_unused]] void *number)
{
	ax_once(&s_once, run_slowly);
	if (s_runs != 1)
		s_unready = true;
	return NULL;
}

const char *once_runs_once(void)
{
	REQUIRE(run_threads(THREADS, want_once));
	REQUIRE(s_runs == 1);
	REQUIRE(!s_unready);
	return NULL;
}
