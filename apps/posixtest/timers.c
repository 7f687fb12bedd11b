/* SPDX-License-Identifier: Apache-2.0 */
/* Timers: what they send, how often, to whom; the alarm; and errors. No time here decides whether a check holds. */
#include "posixtest.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static sigset_t s_set;
static sem_t s_notified;
static atomic_int s_value;

static struct itimerspec every_ms(long ms, long first_ms)
{
	return (struct itimerspec){ { 0, ms * 1000000 }, { 0, first_ms * 1000000 } };
}

static timer_t timer_with(clockid_t clock, int value)
{
	timer_t timer;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	event.sigev_value.sival_int = value;
	CHECK(timer_create(clock, &event, &timer) == 0);
	return timer;
}

static void once_and_periodic(clockid_t clock)
{
	struct itimerspec once = every_ms(0, 2), often = every_ms(2, 2), left;
	siginfo_t info;
	timer_t timer = timer_with(clock, 42);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0);
	CHECK(timer_settime(timer, 0, &once, NULL) == 0);
	CHECK(sigwaitinfo(&s_set, &info) == SIGRTMIN && info.si_code == SI_TIMER && info.si_value.sival_int == 42);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_nsec == 0 && timer_getoverrun(timer) == 0);
	CHECK(timer_settime(timer, 0, &often, NULL) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(sigwaitinfo(&s_set, &info) == SIGRTMIN && timer_getoverrun(timer) >= 0);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_interval.tv_nsec == 2000000);
	nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
	CHECK(sigwaitinfo(&s_set, &info) == SIGRTMIN && timer_getoverrun(timer) >= 5); /* 20 ms are 9 periods or more */
	CHECK(timer_delete(timer) == 0);
}

static void at_a_point_in_time(void)
{
	struct itimerspec past = { .it_value = { 1, 0 } }, next = { 0 }, before;
	siginfo_t info;
	timer_t timer = timer_with(CLOCK_REALTIME, 1);
	CHECK(timer_settime(timer, TIMER_ABSTIME, &past, NULL) == 0 && sigwaitinfo(&s_set, &info) == SIGRTMIN);
	clock_gettime(CLOCK_REALTIME, &next.it_value);
	next.it_value.tv_sec += 1000;
	CHECK(timer_settime(timer, TIMER_ABSTIME, &next, NULL) == 0);
	CHECK(timer_settime(timer, 0, &(struct itimerspec){ 0 }, &before) == 0);
	CHECK(before.it_value.tv_sec >= 900 && before.it_value.tv_sec <= 1000);
	CHECK(sigtimedwait(&s_set, &info, &(struct timespec){ 0, 1000000 }) == -1 && errno == EAGAIN);
	CHECK(timer_delete(timer) == 0);
}

static void notify(union sigval value)
{
	atomic_store(&s_value, value.sival_int);
	sem_post(&s_notified);
}

static void on_a_thread(void)
{
	timer_t timer;
	struct itimerspec often = every_ms(1, 1);
	struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notify };
	event.sigev_value.sival_int = 7;
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &often, NULL) == 0);
	for (int i = 0; i < 3; i++)
		sem_wait(&s_notified);
	CHECK(atomic_load(&s_value) == 7 && timer_delete(timer) == 0);
}

static void nothing_but_the_time(void)
{
	timer_t timer;
	struct itimerspec long_time = { .it_value = { 1000, 0 } }, left;
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &long_time, NULL) == 0);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_sec >= 900 && left.it_value.tv_sec <= 1000);
	CHECK(timer_delete(timer) == 0);
}

static void errors(void)
{
	timer_t timer;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 1000 };
	struct itimerspec bad = { .it_value = { 0, 1000000000 } };
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 && errno == EINVAL);
	CHECK(timer_create(99, NULL, &timer) == -1 && errno == EINVAL);
	timer = timer_with(CLOCK_MONOTONIC, 0);
	CHECK(timer_settime(timer, 0, &bad, NULL) == -1 && errno == EINVAL);
	CHECK(timer_delete(timer) == 0);
	CHECK(clock_settime(CLOCK_MONOTONIC, &(struct timespec){ 1, 0 }) == -1 && errno == EINVAL);
}

static void the_alarm(void)
{
	struct itimerval soon = { .it_value = { 0, 2000 } }, left;
	sigset_t set;
	int signal;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	CHECK(alarm(1000) == 0);
	CHECK(getitimer(ITIMER_REAL, &left) == 0 && left.it_value.tv_sec >= 900);
	const unsigned before = alarm(0);
	CHECK(before > 900 && before <= 1000);
	CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0 && sigwait(&set, &signal) == 0 && signal == SIGALRM);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void timers(void)
{
	sem_init(&s_notified, 0, 0);
	sigemptyset(&s_set);
	sigaddset(&s_set, SIGRTMIN);
	pthread_sigmask(SIG_BLOCK, &s_set, NULL);
	once_and_periodic(CLOCK_MONOTONIC);
	once_and_periodic(CLOCK_REALTIME);
	at_a_point_in_time();
	on_a_thread();
	nothing_but_the_time();
	errors();
	the_alarm();
	pthread_sigmask(SIG_UNBLOCK, &s_set, NULL);
}
