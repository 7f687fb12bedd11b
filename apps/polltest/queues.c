/* SPDX-License-Identifier: Apache-2.0 */
/* Message queues. */
#include "polltest.h"

#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#define NAME "/polltest"

enum { MESSAGES = 4, BYTES = 16 };

static const struct timespec s_past = { .tv_sec = 1 };

static mqd_t new_queue(int flags)
{
	struct mq_attr attributes = { .mq_maxmsg = MESSAGES, .mq_msgsize = BYTES };
	mq_unlink(NAME);
	const mqd_t queue = mq_open(NAME, O_CREAT | O_EXCL | O_RDWR | flags, 0600, &attributes);
	CHECK(queue >= 0);
	return queue;
}

static void end_queue(mqd_t queue)
{
	CHECK(mq_close(queue) == 0 && mq_unlink(NAME) == 0);
}

static bool receives(mqd_t queue, const char *text, unsigned priority)
{
	char data[BYTES];
	unsigned with;
	const ssize_t bytes = mq_receive(queue, data, sizeof data, &with);
	return bytes == (ssize_t)strlen(text) && memcmp(data, text, strlen(text)) == 0 && with == priority;
}

static bool sends(mqd_t queue, const char *text, unsigned priority)
{
	return mq_send(queue, text, strlen(text), priority) == 0;
}

void queues_order(void)
{
	struct mq_attr is;
	const mqd_t queue = new_queue(O_NONBLOCK);
	CHECK(sends(queue, "b1", 1) && sends(queue, "a", 9) && sends(queue, "c", 0) && sends(queue, "b2", 1));
	CHECK_FAILS(mq_send(queue, "d", 1, 0), EAGAIN);
	CHECK(mq_getattr(queue, &is) == 0 && is.mq_flags == O_NONBLOCK && is.mq_maxmsg == MESSAGES && is.mq_msgsize == BYTES &&
	      is.mq_curmsgs == MESSAGES);
	CHECK(receives(queue, "a", 9) && receives(queue, "b1", 1) && sends(queue, "", 1) && receives(queue, "b2", 1));
	CHECK(receives(queue, "", 1) && receives(queue, "c", 0));
	char data[BYTES];
	CHECK_FAILS(mq_receive(queue, data, sizeof data, NULL), EAGAIN);
	end_queue(queue);
}

void queues_errors(void)
{
	char data[BYTES + 1] = "", name[NAME_MAX + 3];
	struct mq_attr none = { .mq_maxmsg = 0, .mq_msgsize = BYTES };
	const mqd_t queue = new_queue(0);
	CHECK_FAILS(mq_open(NAME, O_CREAT | O_EXCL | O_RDWR, 0600, NULL), EEXIST);
	CHECK_FAILS(mq_open("/polltest.absent", O_RDWR), ENOENT);
	CHECK_FAILS(mq_open("/polltest.none", O_CREAT | O_RDWR, 0600, &none), EINVAL);
	memset(name, 'n', sizeof name);
	name[0] = '/';
	name[sizeof name - 1] = 0;
	CHECK_FAILS(mq_open(name, O_CREAT | O_RDWR, 0600, NULL), ENAMETOOLONG);
	CHECK_FAILS(mq_unlink(name), ENAMETOOLONG);
	CHECK_FAILS(mq_unlink("/polltest.absent"), ENOENT);
	CHECK_FAILS(mq_send(queue, data, BYTES + 1, 0), EMSGSIZE);
	CHECK_FAILS(mq_receive(queue, data, BYTES - 1, NULL), EMSGSIZE);
	CHECK_FAILS(mq_send(queue, data, 1, 32768), EINVAL);
	CHECK_FAILS(mq_timedreceive(queue, data, BYTES, NULL, &s_past), ETIMEDOUT);
	CHECK_FAILS(mq_timedreceive(queue, data, BYTES, NULL, &(struct timespec){ .tv_nsec = -1 }), EINVAL);
	const mqd_t reader = mq_open(NAME, O_RDONLY), writer = mq_open(NAME, O_WRONLY);
	CHECK_FAILS(mq_send(reader, data, 1, 0), EBADF);
	CHECK_FAILS(mq_receive(writer, data, BYTES, NULL), EBADF);
	CHECK_FAILS(mq_send(0, data, 1, 0), EBADF);
	CHECK(mq_unlink(NAME) == 0 && sends(writer, "still", 0) && receives(reader, "still", 0));
	CHECK(mq_close(queue) == 0 && mq_close(reader) == 0 && mq_close(writer) == 0);
	CHECK_FAILS(mq_open(NAME, O_RDWR), ENOENT);
}

enum { SENT = 1000 };

static void *send_many(void *argument)
{
	for (int i = 0; i < SENT; i++)
		CHECK(mq_send(*(mqd_t *)argument, (const char *)&i, sizeof i, 5) == 0);
	return NULL;
}

/* Each waits for the other: the queue is full, or empty. */
void queues_between_threads(void)
{
	char data[BYTES];
	mqd_t queue = new_queue(0);
	pthread_t sender = start(send_many, &queue);
	for (int i = 0, sent; i < SENT; i++) {
		const ssize_t bytes = mq_receive(queue, data, sizeof data, NULL);
		memcpy(&sent, data, sizeof sent);
		CHECK(bytes == sizeof sent && sent == i);
	}
	CHECK(pthread_join(sender, NULL) == 0);

	struct pollfd polled = { .fd = queue, .events = POLLIN | POLLOUT };
	CHECK(poll(&polled, 1, 0) == 1 && polled.revents == POLLOUT && sends(queue, "one", 0));
	CHECK(poll(&polled, 1, 0) == 1 && polled.revents == (POLLIN | POLLOUT));
	for (int i = 1; i < MESSAGES; i++)
		CHECK(sends(queue, "more", 0));
	CHECK(poll(&polled, 1, 0) == 1 && polled.revents == POLLIN);
	CHECK_FAILS(mq_timedsend(queue, "x", 1, 0, &s_past), ETIMEDOUT);
	end_queue(queue);
}

static sem_t s_called;

static void called(union sigval value)
{
	CHECK(value.sival_int == 7);
	sem_post(&s_called);
}

void queues_tell(void)
{
	struct sigevent signal = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 6 },
			function = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = called, .sigev_value.sival_int = 7 };
	sigset_t set;
	siginfo_t info;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sem_init(&s_called, 0, 0);
	const mqd_t queue = new_queue(0);

	CHECK(mq_notify(queue, &signal) == 0);
	CHECK_FAILS(mq_notify(queue, &signal), EBUSY);
	CHECK_FAILS(mq_notify(queue, &function), EBUSY);
	CHECK(sends(queue, "told", 0));
	CHECK(sigwaitinfo(&set, &info) == SIGUSR1 && info.si_code == SI_MESGQ && info.si_value.sival_int == 6);

	CHECK(mq_notify(queue, &function) == 0 && sends(queue, "not empty before", 0));
	CHECK(receives(queue, "told", 0) && receives(queue, "not empty before", 0));
	CHECK(sem_trywait(&s_called) == -1 && sends(queue, "told", 0));
	CHECK(sem_wait(&s_called) == 0 && receives(queue, "told", 0));

	CHECK(mq_notify(queue, &function) == 0 && mq_notify(queue, NULL) == 0 && mq_notify(queue, &signal) == 0);
	CHECK(mq_notify(queue, NULL) == 0 && sends(queue, "untold", 0));
	CHECK(sigtimedwait(&set, &info, &(struct timespec){ 0 }) == -1 && sem_trywait(&s_called) == -1);
	end_queue(queue);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
