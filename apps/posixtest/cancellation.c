/* SPDX-License-Identifier: Apache-2.0 */
/* Cancellation: where it happens, in what order things are undone, and what keeps it off. */
#include "posixtest.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t s_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t s_condvar = PTHREAD_COND_INITIALIZER;
static sem_t s_ready, s_never;
static pthread_key_t s_key;
static char s_order[8];
static atomic_bool s_go;

static void undo(void *letter)
{
	strcat(s_order, letter);
}

static void unlock(void *mutex)
{
	CHECK(pthread_mutex_trylock(mutex) == EBUSY); /* it was locked again before */
	CHECK(pthread_mutex_unlock(mutex) == 0);
}

static void *wait_semaphore(void *unused)
{
	sem_post(&s_ready);
	sem_wait(&s_never);
	return unused;
}

static void *wait_semaphore_timed(void *unused)
{
	sem_post(&s_ready);
	sem_timedwait(&s_never, &(struct timespec){ 4000000000, 0 });
	return unused;
}

static void *wait_condvar(void *unused)
{
	pthread_mutex_lock(&s_mutex);
	pthread_cleanup_push(unlock, &s_mutex);
	sem_post(&s_ready);
	for (;;)
		pthread_cond_wait(&s_condvar, &s_mutex);
	pthread_cleanup_pop(0);
	return unused;
}

static void *wait_condvar_timed(void *unused)
{
	pthread_mutex_lock(&s_mutex);
	pthread_cleanup_push(unlock, &s_mutex);
	sem_post(&s_ready);
	for (;;)
		pthread_cond_timedwait(&s_condvar, &s_mutex, &(struct timespec){ 4000000000, 0 });
	pthread_cleanup_pop(0);
	return unused;
}

static void *wait_time(void *unused)
{
	sem_post(&s_ready);
	for (;;)
		nanosleep(&(struct timespec){ 1000, 0 }, NULL);
	return unused;
}

static void *wait_clock(void *unused)
{
	sem_post(&s_ready);
	for (;;)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ 1000, 0 }, NULL);
	return unused;
}

static void *wait_signal(void *unused)
{
	sigset_t set;
	int signal;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sem_post(&s_ready);
	for (;;)
		sigwait(&set, &signal);
	return unused;
}

static void *wait_suspended(void *unused)
{
	sigset_t none;
	sigemptyset(&none);
	sem_post(&s_ready);
	for (;;)
		sigsuspend(&none);
	return unused;
}

static void *wait_paused(void *unused)
{
	sem_post(&s_ready);
	for (;;)
		pause();
	return unused;
}

static void *join_other(void *other)
{
	sem_post(&s_ready);
	pthread_join(*(pthread_t *)other, NULL);
	return NULL;
}

static void *test_only(void *unused)
{
	sem_post(&s_ready);
	for (;;) {
		pthread_testcancel();
		sched_yield();
	}
	return unused;
}

/* Sends the request when the thread is about to wait, or already does: either must do. */
static void cancel_in(void *(*entry)(void *), void *argument)
{
	pthread_t thread;
	void *result = NULL;
	CHECK(pthread_create(&thread, NULL, entry, argument) == 0);
	sem_wait(&s_ready);
	CHECK(pthread_cancel(thread) == 0);
	CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
}

static void at_cancellation_points(void)
{
	static void *(*const points[])(void *) = { wait_semaphore, wait_semaphore_timed, wait_condvar, wait_condvar_timed,
						   wait_time, wait_clock, wait_signal, wait_suspended, wait_paused,
						   test_only };
	for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
		cancel_in(points[i], NULL);
	CHECK(pthread_mutex_trylock(&s_mutex) == 0 && pthread_mutex_unlock(&s_mutex) == 0);
	pthread_t other;
	CHECK(pthread_create(&other, NULL, wait_time, NULL) == 0);
	sem_wait(&s_ready);
	cancel_in(join_other, &other);
	CHECK(pthread_cancel(other) == 0 && pthread_join(other, NULL) == 0); /* it can still be joined */
}

static void *undo_in_order(void *unused)
{
	pthread_setspecific(s_key, "k");
	pthread_cleanup_push(undo, "a");
	pthread_cleanup_push(undo, "b");
	wait_semaphore(NULL);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return unused;
}

static void last_pushed_first_then_keys(void)
{
	s_order[0] = 0;
	pthread_key_create(&s_key, undo);
	cancel_in(undo_in_order, NULL);
	CHECK(strcmp(s_order, "bak") == 0);
	pthread_key_delete(s_key);
}

static void *refuse_then_allow(void *unused)
{
	int before;
	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before) == 0 && before == PTHREAD_CANCEL_ENABLE);
	sem_post(&s_ready);
	while (!atomic_load(&s_go))
		sched_yield();
	pthread_testcancel();
	CHECK(nanosleep(&(struct timespec){ 0, 1000000 }, NULL) == 0); /* not cut short either */
	strcat(s_order, "x");
	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before) == 0 && before == PTHREAD_CANCEL_DISABLE);
	strcat(s_order, "y");
	pthread_testcancel();
	strcat(s_order, "z");
	return unused;
}

static void a_request_waits_until_it_is_allowed(void)
{
	pthread_t thread;
	void *result;
	s_order[0] = 0;
	atomic_store(&s_go, false);
	pthread_create(&thread, NULL, refuse_then_allow, NULL);
	sem_wait(&s_ready);
	CHECK(pthread_cancel(thread) == 0);
	atomic_store(&s_go, true);
	CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED && strcmp(s_order, "xy") == 0);
	CHECK(pthread_setcancelstate(99, NULL) == EINVAL && pthread_setcanceltype(99, NULL) == EINVAL);
}

void cancellation(void)
{
	sem_init(&s_ready, 0, 0);
	sem_init(&s_never, 0, 0);
	at_cancellation_points();
	last_pushed_first_then_keys();
	a_request_waits_until_it_is_allowed();
}

#if POSIXTEST_FEATURE_PREEMPT
static volatile uint64_t s_spins;

static void *spin(void *unused)
{
	int before;
	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before) == 0 && before == PTHREAD_CANCEL_DEFERRED);
	sem_post(&s_ready);
	for (;;)
		s_spins = s_spins + 1;
	return unused;
}

void cancel_a_busy_thread(void)
{
	sem_init(&s_ready, 0, 0);
	cancel_in(spin, NULL);
}
#endif
