/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mq_notify(): a function that is to be called (SIGEV_THREAD) waits on its thread for the queue to tell, by an eventfd: 1, a
 * message has arrived; anything else, the request was withdrawn.
 */
#include <errno.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "syscall.h"

struct request {
	sem_t begun;
	mqd_t queue;
	int event, error;
	const struct sigevent *wanted;
};

static void *wait_and_call(void *argument)
{
	struct request *request = argument;
	void (*const function)(union sigval) = request->wanted->sigev_notify_function;
	const union sigval value = request->wanted->sigev_value;
	const int event = request->event;
	const struct sigevent wanted = { .sigev_notify = SIGEV_THREAD, .sigev_signo = event };
	const int error = -__syscall(SYS_mq_notify, request->queue, &wanted);
	request->error = error;
	sem_post(&request->begun);
	uint64_t what = 0;
	if (!error)
		read(event, &what, sizeof what);
	__syscall(SYS_close, event);
	if (what == 1)
		function(value);
	return 0;
}

static int call_on_thread(mqd_t queue, const struct sigevent *wanted)
{
	struct request request = { .queue = queue, .wanted = wanted, .event = eventfd(0, EFD_CLOEXEC) };
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;
	int state;
	if (request.event < 0)
		return errno;
	pthread_attr_init(&attributes);
	if (wanted->sigev_notify_attributes)
		attributes = *wanted->sigev_notify_attributes;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	sem_init(&request.begun, 0, 0);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	if (pthread_create(&thread, &attributes, wait_and_call, &request)) {
		__syscall(SYS_close, request.event);
		request.error = EAGAIN;
	} else {
		sem_wait(&request.begun);
	}
	pthread_setcancelstate(state, 0);
	pthread_sigmask(SIG_SETMASK, &before, 0);
	sem_destroy(&request.begun);
	return request.error;
}

int mq_notify(mqd_t queue, const struct sigevent *wanted)
{
	if (!wanted || wanted->sigev_notify != SIGEV_THREAD)
		return syscall(SYS_mq_notify, queue, wanted);
	return __syscall_ret(-(long)call_on_thread(queue, wanted));
}
