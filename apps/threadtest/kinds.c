/* SPDX-License-Identifier: Apache-2.0 */
/* Recursive and error-checking mutexes, events, and what guards promise. */
#include "threadtest.h"

enum { THREADS = 8, ROUNDS = 500, SHORT_NS = 2000000 };

static ax_recursive_mutex_t s_recursive = AX_RECURSIVE_MUTEX_INIT;
static uint64_t s_count;

static void add_nested(unsigned depth)
{
	AX_RECURSIVE_MUTEX_GUARD(&s_recursive);
	uint64_t seen = s_count;
	ax_thread_yield();
	s_count = seen + 1;
	if (depth)
		add_nested(depth - 1);
}

static void *add_recursively([[maybe_unused]] void *number)
{
	for (int i = 0; i < ROUNDS; i++)
		add_nested(2);
	return NULL;
}

static void *unlock_not_mine(void *mutex)
{
	return (void *)(uintptr_t)ax_recursive_mutex_unlock(mutex);
}

const char *recursive_mutex_counts(void)
{
	ax_thread_t *thread;
	void *error;
	s_count = 0;
	REQUIRE(run_threads(THREADS, add_recursively));
	REQUIRE(s_count == THREADS * ROUNDS * 3);
	AX_RECURSIVE_MUTEX_GUARD(&s_recursive);
	REQUIRE(ax_thread_spawn(unlock_not_mine, &s_recursive, &thread) == AX_OK);
	REQUIRE(ax_thread_join(thread, &error) == AX_OK && error == (void *)AX_ERR_NOT_PERMITTED);
	return NULL;
}

static ax_checked_mutex_t s_checked = AX_CHECKED_MUTEX_INIT;

static void *try_checked([[maybe_unused]] void *argument)
{
	const bool wrong = ax_checked_mutex_try_lock(&s_checked) ||
			   ax_checked_mutex_unlock(&s_checked) != AX_ERR_NOT_PERMITTED ||
			   ax_checked_mutex_lock_until(&s_checked, ax_now_ns() + SHORT_NS) != AX_ERR_TIMED_OUT;
	return (void *)(uintptr_t)wrong;
}

const char *checked_mutex_refuses(void)
{
	ax_thread_t *thread;
	void *wrong;
	REQUIRE(ax_checked_mutex_unlock(&s_checked) == AX_ERR_NOT_PERMITTED);
	REQUIRE(ax_checked_mutex_lock(&s_checked) == AX_OK);
	REQUIRE(ax_checked_mutex_lock(&s_checked) == AX_ERR_DEADLOCK);
	REQUIRE(ax_checked_mutex_lock_until(&s_checked, AXTASK_FOREVER) == AX_ERR_DEADLOCK);
	REQUIRE(!ax_checked_mutex_try_lock(&s_checked));
	REQUIRE(ax_thread_spawn(try_checked, NULL, &thread) == AX_OK);
	REQUIRE(ax_thread_join(thread, &wrong) == AX_OK && !wrong);
	REQUIRE(ax_checked_mutex_unlock(&s_checked) == AX_OK);
	return NULL;
}

static ax_event_t s_open = AX_EVENT_MANUAL_RESET, s_turn[2] = { AX_EVENT_AUTO_RESET, AX_EVENT_AUTO_RESET };
static _Atomic uint64_t s_through;

static void *go_through([[maybe_unused]] void *number)
{
	ax_event_wait(&s_open);
	s_through++;
	return NULL;
}

static void *take_turns(void *number)
{
	for (int i = 0; i < ROUNDS; i++) {
		ax_event_wait(&s_turn[(uintptr_t)number]);
		s_count++;
		ax_event_set(&s_turn[1 - (uintptr_t)number]);
	}
	return NULL;
}

static void *open_soon([[maybe_unused]] void *argument)
{
	ax_sleep_ns(SHORT_NS);
	ax_event_set(&s_open);
	return NULL;
}

const char *event_lets_through(void)
{
	ax_thread_t *opener;
	REQUIRE(ax_event_wait_until(&s_open, ax_now_ns() + SHORT_NS) == AX_ERR_TIMED_OUT);
	REQUIRE(ax_thread_spawn(open_soon, NULL, &opener) == AX_OK);
	REQUIRE(run_threads(THREADS, go_through));
	REQUIRE(ax_thread_join(opener, NULL) == AX_OK);
	REQUIRE(s_through == THREADS && ax_event_try_wait(&s_open));
	ax_event_clear(&s_open);
	REQUIRE(!ax_event_try_wait(&s_open));
	s_count = 0;
	ax_event_set(&s_turn[0]);
	REQUIRE(run_threads(2, take_turns));
	REQUIRE(s_count == 2 * ROUNDS);
	REQUIRE(ax_event_try_wait(&s_turn[0]) && !ax_event_try_wait(&s_turn[0]) && !ax_event_try_wait(&s_turn[1]));
	return NULL;
}

static void *set_flag(void *flag)
{
	*(_Atomic bool *)flag = true;
	return NULL;
}

const char *guards_release_at_the_end_of_the_scope(void)
{
	static ax_mutex_t s_mutex;
	static ax_rwlock_t s_rwlock;
	static ax_semaphore_t s_units;
	_Atomic bool ran = false;
	ax_semaphore_init(&s_units, 1);
	{
		AX_SCOPED_THREAD worker = {};
		REQUIRE(ax_thread_spawn(set_flag, &ran, &worker.thread) == AX_OK);
		AX_MUTEX_GUARD(&s_mutex);
		AX_RWLOCK_READ_GUARD(&s_rwlock);
		AX_SEMAPHORE_GUARD(&s_units);
		AX_RECURSIVE_MUTEX_GUARD(&s_recursive);
		AX_CHECKED_MUTEX_SCOPE(scope);
		REQUIRE(ax_checked_mutex_enter(&s_checked, &scope) == AX_OK);
		REQUIRE(ax_mutex_is_mine(&s_mutex) && ax_rwlock_is_locked(&s_rwlock));
		REQUIRE(!ax_semaphore_try_wait(&s_units) && ax_mutex_is_mine(&s_recursive.mutex));
	}
	REQUIRE(ran);
	REQUIRE(!ax_mutex_owner(&s_mutex) && !ax_rwlock_is_locked(&s_rwlock));
	REQUIRE(ax_semaphore_value(&s_units) == 1);
	REQUIRE(!ax_mutex_owner(&s_recursive.mutex) && !ax_mutex_owner(&s_checked.mutex));
	{
		AX_RWLOCK_WRITE_GUARD(&s_rwlock);
		REQUIRE(ax_rwlock_is_mine(&s_rwlock));
	}
	REQUIRE(!ax_rwlock_is_locked(&s_rwlock));
	return NULL;
}
