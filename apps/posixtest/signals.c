/* SPDX-License-Identifier: Apache-2.0 */
/* Signals: to oneself, to threads, to the process; handlers, masks, queues, and what they do to waits. */
#include "posixtest.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t s_calls, s_last, s_code, s_value, s_mask_held;
static volatile pthread_t s_on;
static int s_order[16];

static void reset(void)
{
	s_calls = s_last = s_code = s_value = s_mask_held = 0;
}

static void note(int signal)
{
	s_last = signal;
	s_on = pthread_self();
	s_calls++;
}

static void note_info(int signal, siginfo_t *info, void *context)
{
	sigset_t now;
	pthread_sigmask(SIG_SETMASK, NULL, &now);
	s_mask_held = sigismember(&now, signal) && sigismember(&now, SIGUSR2) && context != NULL;
	s_code = info->si_code;
	s_value = info->si_value.sival_int;
	if (s_calls < (int)(sizeof s_order / sizeof s_order[0]))
		s_order[s_calls] = signal * 100 + info->si_value.sival_int;
	note(signal);
}

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
	sigemptyset(&action.sa_mask);
	CHECK(sigaction(signal, &action, NULL) == 0);
}

static void handle_info(int signal, int flags)
{
	struct sigaction action = { .sa_sigaction = note_info, .sa_flags = SA_SIGINFO | flags };
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGUSR2);
	CHECK(sigaction(signal, &action, NULL) == 0);
}

static sigset_t set_of(int a, int b)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, a);
	sigaddset(&set, b);
	return set;
}

static void to_oneself(void)
{
	struct sigaction before;
	reset();
	handle(SIGUSR1, note, 0);
	CHECK(raise(SIGUSR1) == 0 && s_calls == 1 && s_last == SIGUSR1);
	CHECK(kill(getpid(), SIGUSR1) == 0 && s_calls == 2);
	CHECK(pthread_kill(pthread_self(), SIGUSR1) == 0 && s_calls == 3);
	CHECK(kill(getpid(), 0) == 0 && pthread_kill(pthread_self(), 0) == 0);
	CHECK(kill(getpid(), 1000) == -1 && errno == EINVAL);
	CHECK(pthread_kill(pthread_self(), -1) == EINVAL);
	CHECK(sigaction(SIGKILL, &(struct sigaction){ .sa_handler = note }, NULL) == -1 && errno == EINVAL);
	CHECK(sigaction(SIGUSR1, NULL, &before) == 0 && before.sa_handler == note);
	handle(SIGUSR1, SIG_IGN, 0);
	CHECK(raise(SIGUSR1) == 0 && s_calls == 3);
	handle(SIGUSR1, note, (int)SA_RESETHAND);
	raise(SIGUSR1);
	CHECK(s_calls == 4 && sigaction(SIGUSR1, NULL, &before) == 0 && before.sa_handler == SIG_DFL);
	CHECK(raise(SIGCHLD) == 0 && raise(SIGURG) == 0); /* ignored by default */
}

static void masks_and_pending(void)
{
	const sigset_t both = set_of(SIGUSR1, SIGUSR2);
	sigset_t seen;
	reset();
	handle_info(SIGUSR1, 0);
	pthread_sigmask(SIG_BLOCK, &both, NULL);
	raise(SIGUSR1);
	raise(SIGUSR1);
	CHECK(s_calls == 0 && sigpending(&seen) == 0 && sigismember(&seen, SIGUSR1) && !sigismember(&seen, SIGUSR2));
	pthread_sigmask(SIG_UNBLOCK, &both, &seen);
	CHECK(s_calls == 1 && s_mask_held && sigismember(&seen, SIGUSR2)); /* one is kept of a number */
	CHECK(sigpending(&seen) == 0 && !sigismember(&seen, SIGUSR1));
	pthread_sigmask(SIG_BLOCK, &both, NULL);
	raise(SIGUSR1);
	handle(SIGUSR1, SIG_IGN, 0); /* forgets it */
	handle(SIGUSR1, note, 0);
	pthread_sigmask(SIG_UNBLOCK, &both, NULL);
	CHECK(s_calls == 1);
}

static void queue_in_order(void)
{
	const int low = SIGRTMIN, high = SIGRTMIN + 1;
	const sigset_t both = set_of(low, high);
	reset();
	handle_info(low, 0);
	handle_info(high, 0);
	pthread_sigmask(SIG_BLOCK, &both, NULL);
	CHECK(sigqueue(getpid(), high, (union sigval){ .sival_int = 1 }) == 0);
	CHECK(sigqueue(getpid(), low, (union sigval){ .sival_int = 1 }) == 0);
	CHECK(sigqueue(getpid(), low, (union sigval){ .sival_int = 2 }) == 0);
	CHECK(sigqueue(getpid(), high, (union sigval){ .sival_int = 2 }) == 0);
	CHECK(sigqueue(getpid(), 0, (union sigval){}) == 0);
	siginfo_t info;
	CHECK(sigwaitinfo(&both, &info) == low && info.si_code == SI_QUEUE && info.si_value.sival_int == 1);
	pthread_sigmask(SIG_UNBLOCK, &both, NULL);
	CHECK(s_calls == 3 && s_code == SI_QUEUE);
	CHECK((s_order[0] == low * 100 + 2 || s_order[0] == high * 100 + 1) && s_order[0] != s_order[1]);
}

static void wait_for_signals(void)
{
	const sigset_t both = set_of(SIGUSR1, SIGUSR2);
	siginfo_t info;
	int signal = 0;
	pthread_sigmask(SIG_BLOCK, &both, NULL);
	CHECK(sigtimedwait(&both, &info, &(struct timespec){ 0, 1000000 }) == -1 && errno == EAGAIN);
	CHECK(sigtimedwait(&both, &info, &(struct timespec){ 0, -1 }) == -1 && errno == EINVAL);
	kill(getpid(), SIGUSR2);
	raise(SIGUSR1);
	CHECK(sigwait(&both, &signal) == 0 && signal == SIGUSR1);
	CHECK(sigwaitinfo(&both, &info) == SIGUSR2 && info.si_code == SI_USER && info.si_pid == getpid());
	pthread_sigmask(SIG_UNBLOCK, &both, NULL);
}

static sem_t s_ready, s_never;

static void *suspend(void *unused)
{
	sigset_t none, before, after;
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	sem_post(&s_ready);
	CHECK(sigsuspend(&none) == -1 && errno == EINTR);
	CHECK(pthread_equal(s_on, pthread_self()) && s_last == SIGUSR1);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	CHECK(sigismember(&after, SIGUSR1) == 1 && sigismember(&before, SIGUSR1) == 1);
	return unused;
}

/* The mask is inherited; only sigsuspend() lets the signal through, however early it comes. */
static void to_a_thread(void)
{
	const sigset_t set = set_of(SIGUSR1, SIGUSR1);
	pthread_t thread;
	reset();
	handle(SIGUSR1, note, 0);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	CHECK(pthread_create(&thread, NULL, suspend, NULL) == 0);
	sem_wait(&s_ready);
	CHECK(pthread_kill(thread, SIGUSR1) == 0);
	pthread_join(thread, NULL);
	CHECK(s_calls == 1);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	CHECK(s_calls == 1);
}

static void *take_one(void *unused)
{
	const sigset_t set = set_of(SIGUSR1, SIGUSR2);
	int signal = 0;
	CHECK(sigwait(&set, &signal) == 0);
	sem_post(&s_ready);
	return unused ? unused : (void *)(intptr_t)signal;
}

/* Who waits for a signal gets it, whoever else may. */
static void to_the_process(void)
{
	const sigset_t set = set_of(SIGUSR1, SIGUSR2);
	pthread_t threads[2];
	intptr_t sum = 0;
	reset();
	handle(SIGUSR1, note, 0);
	handle(SIGUSR2, note, 0);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, take_one, NULL);
	kill(getpid(), SIGUSR1);
	sem_wait(&s_ready);
	kill(getpid(), SIGUSR2);
	sem_wait(&s_ready);
	for (int i = 0; i < 2; i++) {
		void *signal;
		pthread_join(threads[i], &signal);
		sum += (intptr_t)signal;
	}
	CHECK(sum == SIGUSR1 + SIGUSR2 && s_calls == 0);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static volatile pthread_t s_waiting;
static volatile sig_atomic_t s_wait_ended;

/* Signals the thread that waits again and again until it waits no more: a signal may come before the wait begins. */
static void *interrupt(void *unused)
{
	sem_wait(&s_ready);
	while (!s_wait_ended) {
		pthread_kill(s_waiting, SIGUSR1);
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
	return unused;
}

static pthread_t begin_interrupting(int flags)
{
	pthread_t thread;
	reset();
	s_waiting = pthread_self();
	s_wait_ended = 0;
	handle(SIGUSR1, note, flags);
	pthread_create(&thread, NULL, interrupt, NULL);
	sem_post(&s_ready);
	return thread;
}

static void end_interrupting(pthread_t thread)
{
	s_wait_ended = 1;
	pthread_join(thread, NULL);
	CHECK(s_calls > 0);
}

static void end_waits(void)
{
	struct timespec left = { 0, 0 }, far = { 1000, 0 };
	pthread_t thread = begin_interrupting(0);
	CHECK(nanosleep(&far, &left) == -1 && errno == EINTR && left.tv_sec >= 900 && left.tv_sec <= 1000);
	end_interrupting(thread);

	thread = begin_interrupting(SA_RESTART);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &far, NULL) == EINTR); /* never restarted */
	end_interrupting(thread);

	thread = begin_interrupting(SA_RESTART);
	CHECK(pause() == -1 && errno == EINTR);
	end_interrupting(thread);
}

static sigjmp_buf s_out;

static void jump_out(int signal)
{
	s_last = signal;
	siglongjmp(s_out, 1);
}

static void leave_a_handler(void)
{
	sigset_t now;
	volatile int times = 0;
	handle(SIGUSR2, jump_out, 0);
	if (sigsetjmp(s_out, 1) == 0 || ++times < 3)
		raise(SIGUSR2);
	CHECK(times == 3 && s_last == SIGUSR2);
	pthread_sigmask(SIG_SETMASK, NULL, &now);
	CHECK(!sigismember(&now, SIGUSR2));
}

void signals(void)
{
	sem_init(&s_ready, 0, 0);
	sem_init(&s_never, 0, 0);
	to_oneself();
	masks_and_pending();
	queue_in_order();
	wait_for_signals();
	to_a_thread();
	to_the_process();
	end_waits();
	leave_a_handler();
}

#if POSIXTEST_FEATURE_PREEMPT
static void *poke(void *thread)
{
	sem_wait(&s_ready);
	pthread_kill(*(pthread_t *)thread, SIGUSR1);
	return NULL;
}

/* A thread that computes is interrupted, its registers and its errno of the moment kept by the handler's return. */
void signal_to_a_busy_thread(void)
{
	pthread_t self = pthread_self(), thread;
	volatile double x = 1;
	double y = 0;
	reset();
	handle(SIGUSR1, note, 0);
	pthread_create(&thread, NULL, poke, &self);
	sem_post(&s_ready);
	for (uint64_t i = 0; !s_calls; i++)
		y += x;
	CHECK(y >= 0 && s_calls == 1);
	pthread_join(thread, NULL);
	handle(SIGUSR2, jump_out, 0);
	s_last = 0;
	if (sigsetjmp(s_out, 1) == 0) {
		pthread_create(&thread, NULL, poke, &self);
		handle(SIGUSR1, jump_out, 0);
		sem_post(&s_ready);
		for (;;)
			x = x + 1;
	}
	CHECK(s_last == SIGUSR1);
	pthread_join(thread, NULL);
}
#endif
