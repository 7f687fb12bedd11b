/* SPDX-License-Identifier: Apache-2.0 */
/* The table: numbers, duplicates, flags, limits, and a close while another thread reads. */
#include "polltest.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

void numbers(void)
{
	int first[2], second[2];
	CHECK(pipe(first) == 0 && first[0] == 3 && first[1] == 4);
	CHECK(close(3) == 0);
	CHECK(pipe(second) == 0 && second[0] == 3 && second[1] == 5); /* the lowest free */
	CHECK_FAILS(close(77), EBADF);
	CHECK_FAILS(close(-1), EBADF);
	CHECK_FAILS(read(second[1], first, 1), EBADF);
	CHECK_FAILS(write(second[0], first, 1), EBADF);
	CHECK_FAILS(lseek(second[0], 0, SEEK_SET), ESPIPE);
	CHECK_FAILS(pread(second[0], first, 1, 0), ESPIPE);
	CHECK(close(3) == 0 && close(4) == 0 && close(5) == 0);
}

void duplicates(void)
{
	int ends[2];
	char byte;
	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	CHECK(fcntl(ends[0], F_GETFD) == FD_CLOEXEC);
	const int copy = dup(ends[1]), far = fcntl(ends[1], F_DUPFD, 40), farther = fcntl(ends[1], F_DUPFD_CLOEXEC, 40);
	CHECK(copy == 5 && far == 40 && farther == 41);
	CHECK(fcntl(copy, F_GETFD) == 0 && fcntl(far, F_GETFD) == 0 && fcntl(farther, F_GETFD) == FD_CLOEXEC);
	CHECK(fcntl(copy, F_SETFD, FD_CLOEXEC) == 0 && fcntl(copy, F_GETFD) == FD_CLOEXEC && fcntl(far, F_GETFD) == 0);
	CHECK(dup2(ends[1], 100) == 100 && dup2(100, 100) == 100 && dup3(ends[0], 100, O_CLOEXEC) == 100);
	CHECK(fcntl(100, F_GETFD) == FD_CLOEXEC);
	CHECK_FAILS(dup3(100, 100, 0), EINVAL);
	CHECK_FAILS(dup2(99, 101), EBADF);
	CHECK_FAILS(dup2(100, -1), EBADF);
	CHECK_FAILS(dup(99), EBADF);
	CHECK_FAILS(fcntl(0, F_DUPFD, 1 << 30), EINVAL);

	/* File status flags are shared by duplicates, close-on-exec is not. */
	CHECK(fcntl(far, F_GETFL) == O_WRONLY);
	CHECK(fcntl(far, F_SETFL, O_NONBLOCK) == 0 && fcntl(copy, F_GETFL) == (O_WRONLY | O_NONBLOCK));
	int on = 0;
	CHECK(ioctl(copy, FIONBIO, &on) == 0 && fcntl(far, F_GETFL) == O_WRONLY);

	/* The write end is open until its last duplicate is closed. */
	CHECK(close(ends[1]) == 0 && close(copy) == 0 && write(far, "x", 1) == 1 && close(far) == 0);
	CHECK(read(ends[0], &byte, 1) == 1 && byte == 'x');
	CHECK(fcntl(100, F_SETFL, O_NONBLOCK) == 0);
	CHECK_FAILS(read(ends[0], &byte, 1), EAGAIN);
	CHECK(close(farther) == 0 && read(ends[0], &byte, 1) == 0);
	CHECK(close(ends[0]) == 0 && close(100) == 0);
}

void many_descriptors(void)
{
	struct rlimit limit, wanted;
	int ends[2];
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= 256 && limit.rlim_cur <= limit.rlim_max);
	CHECK(pipe(ends) == 0);
	wanted = limit;
	wanted.rlim_cur = 200;
	CHECK(setrlimit(RLIMIT_NOFILE, &wanted) == 0);
	int last = ends[1], next;
	while ((next = dup(ends[1])) >= 0)
		last = next;
	CHECK(errno == EMFILE && last == 199);
	CHECK_FAILS(dup2(ends[1], 200), EBADF);
	CHECK_FAILS(pipe(ends), EMFILE);
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHECK(dup(ends[1]) == 200 && fcntl(ends[1], F_DUPFD, 900) == 900);
	CHECK(write(900, "x", 1) == 1);
	CHECK(close(150) == 0 && dup(ends[0]) == 150);
	for (int fd = ends[1]; fd <= 200; fd++)
		CHECK(close(fd) == 0);
	CHECK(close(900) == 0 && close(ends[0]) == 0);
	CHECK(pipe(ends) == 0 && ends[0] == 3 && ends[1] == 4 && close(3) == 0 && close(4) == 0);
	wanted.rlim_cur = 2;
	wanted.rlim_max = 1;
	CHECK_FAILS(setrlimit(RLIMIT_NOFILE, &wanted), EINVAL);
}

static void *read_one(void *argument)
{
	static char byte;
	return read(*(int *)argument, &byte, 1) == 1 ? &byte : NULL;
}

void closing_while_reading(void)
{
	int ends[2];
	void *result;
	CHECK(pipe(ends) == 0);
	pthread_t reader = start(read_one, &ends[0]);
	pause_ms(20);
	CHECK(close(ends[0]) == 0); /* the reader keeps what it reads from */
	CHECK(write(ends[1], "y", 1) == 1);
	CHECK(pthread_join(reader, &result) == 0 && result && *(char *)result == 'y');
	CHECK(close(ends[1]) == 0);
}
