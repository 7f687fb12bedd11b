/* SPDX-License-Identifier: Apache-2.0 */
/* poll and select. */
#include "polltest.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT = 65536 };

void poll_looks(void)
{
	int ends[2];
	static char block[LIMIT];
	CHECK(pipe(ends) == 0);
	struct pollfd fds[] = { { ends[0], POLLIN, 9 }, { ends[1], POLLOUT, 9 }, { -1, POLLIN, 9 } };
	CHECK(poll(fds, 3, 0) == 1 && !fds[0].revents && fds[1].revents == POLLOUT && !fds[2].revents);
	CHECK(write(ends[1], block, LIMIT) == LIMIT);
	CHECK(poll(fds, 3, -1) == 1 && fds[0].revents == POLLIN && !fds[1].revents);
	CHECK(close(ends[1]) == 0);
	CHECK(poll(fds, 3, -1) == 2 && fds[0].revents == (POLLIN | POLLHUP) && fds[1].revents == POLLNVAL);
	CHECK(read(ends[0], block, LIMIT) == LIMIT && poll(fds, 1, -1) == 1 && fds[0].revents == POLLHUP);
	CHECK(close(ends[0]) == 0);

	CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
	fds[0] = (struct pollfd){ ends[1], 0, 0 };
	CHECK(poll(fds, 1, -1) == 1 && fds[0].revents == POLLERR && close(ends[1]) == 0);
	volatile nfds_t too_many = 1 << 30;
	CHECK_FAILS(poll(fds, too_many, 0), EINVAL);
	CHECK(poll(NULL, 0, 1) == 0);
}

static void *write_later(void *argument)
{
	pause_ms(20);
	CHECK(write(*(int *)argument, "x", 1) == 1);
	return NULL;
}

void poll_waits(void)
{
	enum { PIPES = 20 }; /* more than fit the stack of the call */
	int ends[PIPES][2];
	struct pollfd fds[PIPES];
	struct timespec before, after;
	for (int i = 0; i < PIPES; i++) {
		CHECK(pipe(ends[i]) == 0);
		fds[i] = (struct pollfd){ ends[i][0], POLLIN, 0 };
	}
	pthread_t writer = start(write_later, &ends[17][1]);
	CHECK(poll(fds, PIPES, -1) == 1 && fds[17].revents == POLLIN && !fds[16].revents);
	CHECK(pthread_join(writer, NULL) == 0);
	clock_gettime(CLOCK_MONOTONIC, &before);
	CHECK(poll(fds, 3, 15) == 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	CHECK((after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec >= 15000000);
	CHECK(ppoll(fds, 3, &(struct timespec){ .tv_nsec = 1000 }, NULL) == 0);
	CHECK_FAILS(ppoll(fds, 3, &(struct timespec){ .tv_nsec = -1 }, NULL), EINVAL);
	for (int i = 0; i < PIPES; i++)
		CHECK(close(ends[i][0]) == 0 && close(ends[i][1]) == 0);
}

static volatile sig_atomic_t s_handled;

static void handle(int signal)
{
	(void)signal;
	s_handled++;
}

static void *poll_forever(void *argument)
{
	struct pollfd fd = { *(int *)argument, POLLIN, 0 };
	CHECK_FAILS(poll(&fd, 1, -1), EINTR);
	return NULL;
}

void poll_and_signals(void)
{
	int ends[2];
	sigset_t blocked, none;
	CHECK(pipe(ends) == 0);
	sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = handle, .sa_flags = SA_RESTART }, NULL);
	pthread_t thread = start(poll_forever, &ends[0]);
	pause_ms(20);
	CHECK(pthread_kill(thread, SIGUSR1) == 0 && pthread_join(thread, NULL) == 0 && s_handled == 1);

	/* A signal that only the call lets through ends it, though it came before. */
	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &blocked, NULL);
	raise(SIGUSR1);
	struct pollfd fd = { ends[0], POLLIN, 0 };
	CHECK(poll(&fd, 1, 0) == 0 && s_handled == 1);
	CHECK_FAILS(ppoll(&fd, 1, NULL, &none), EINTR);
	CHECK(s_handled == 2);
	pthread_sigmask(SIG_UNBLOCK, &blocked, NULL);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

void selecting(void)
{
	int ends[2], far[2];
	fd_set readable, writable;
	CHECK(pipe(ends) == 0 && pipe(far) == 0 && dup2(far[0], 200) == 200);
	FD_ZERO(&readable);
	FD_ZERO(&writable);
	FD_SET(ends[0], &readable);
	FD_SET(200, &readable);
	FD_SET(ends[1], &writable);
	CHECK(select(201, &readable, &writable, NULL, NULL) == 1);
	CHECK(!FD_ISSET(ends[0], &readable) && !FD_ISSET(200, &readable) && FD_ISSET(ends[1], &writable));

	FD_SET(ends[0], &readable);
	FD_SET(200, &readable);
	pthread_t writer = start(write_later, &far[1]);
	CHECK(select(201, &readable, NULL, NULL, NULL) == 1);
	CHECK(!FD_ISSET(ends[0], &readable) && FD_ISSET(200, &readable));
	CHECK(pthread_join(writer, NULL) == 0);

	FD_ZERO(&readable);
	FD_SET(ends[0], &readable);
	struct timeval timeout = { .tv_usec = 2000 };
	CHECK(select(ends[0] + 1, &readable, NULL, NULL, &timeout) == 0 && !FD_ISSET(ends[0], &readable));
	CHECK(close(ends[1]) == 0);
	FD_SET(ends[0], &readable);
	CHECK(pselect(ends[0] + 1, &readable, NULL, NULL, NULL, NULL) == 1 && FD_ISSET(ends[0], &readable)); /* its end */
	CHECK(close(ends[0]) == 0);
	CHECK_FAILS(select(ends[0] + 1, &readable, NULL, NULL, NULL), EBADF);
	CHECK_FAILS(select(-1, NULL, NULL, NULL, NULL), EINVAL);
	CHECK(close(far[0]) == 0 && close(far[1]) == 0 && close(200) == 0);
}
