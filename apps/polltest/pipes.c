/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes: order, blocking, atomic writes, ends. */
#include "polltest.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LIMIT = 65536, WHOLE = 4096 };

void pipe_in_one_thread(void)
{
	int ends[2], count;
	char text[16] = "";
	struct stat stat;
	CHECK(pipe(ends) == 0);
	CHECK(fstat(ends[0], &stat) == 0 && S_ISFIFO(stat.st_mode));
	CHECK(write(ends[1], "hello", 5) == 5 && write(ends[1], " ", 1) == 1 && write(ends[1], "", 0) == 0);
	CHECK(writev(ends[1], (struct iovec[]){ { "wo", 2 }, { "", 0 }, { "rld", 3 } }, 3) == 5);
	CHECK(ioctl(ends[0], FIONREAD, &count) == 0 && count == 11);
	CHECK(readv(ends[0], (struct iovec[]){ { text, 3 }, { text + 3, 12 } }, 2) == 11);
	CHECK(strcmp(text, "hello world") == 0);
	CHECK(fcntl(ends[1], F_GETPIPE_SZ) == LIMIT);
	CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
	static char block[LIMIT + 1];
	CHECK(write(ends[1], block, sizeof block) == LIMIT); /* as much as fits */
	CHECK_FAILS(write(ends[1], block, 1), EAGAIN);
	CHECK(read(ends[0], block, WHOLE) == WHOLE && write(ends[1], block, WHOLE) == WHOLE);
	CHECK(close(ends[1]) == 0);
	CHECK(read(ends[0], block, sizeof block) == LIMIT && read(ends[0], block, 1) == 0);
	CHECK(close(ends[0]) == 0);
}

enum { ROUNDS = 40, PIECE = 30000 };

static void *send_pattern(void *argument)
{
	static unsigned char piece[PIECE];
	unsigned value = 0;
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < PIECE; i++)
			piece[i] = (unsigned char)(value++ * 7);
		CHECK(write(*(int *)argument, piece, sizeof piece) == sizeof piece);
	}
	close(*(int *)argument);
	return NULL;
}

void pipe_between_threads(void)
{
	int ends[2];
	unsigned char part[7001];
	unsigned value = 0;
	bool right = true;
	long count;
	CHECK(pipe(ends) == 0);
	pthread_t sender = start(send_pattern, &ends[1]);
	while ((count = read(ends[0], part, sizeof part)) > 0)
		for (long i = 0; i < count; i++)
			right &= part[i] == (unsigned char)(value++ * 7);
	CHECK(right && value == ROUNDS * PIECE);
	CHECK(pthread_join(sender, NULL) == 0 && close(ends[0]) == 0);
}

enum { WRITERS = 3, RECORDS = 60 };

static int s_write_end;

static void *send_records(void *argument)
{
	char record[WHOLE];
	memset(record, (int)(intptr_t)argument, sizeof record);
	for (int i = 0; i < RECORDS; i++)
		CHECK(write(s_write_end, record, sizeof record) == WHOLE);
	return NULL;
}

/* Up to PIPE_BUF bytes never mix with those of other writers. */
void whole_writes(void)
{
	int ends[2], records = 0;
	char record[WHOLE];
	bool whole = true;
	pthread_t writers[WRITERS];
	CHECK(pipe(ends) == 0);
	s_write_end = ends[1];
	for (intptr_t i = 0; i < WRITERS; i++)
		writers[i] = start(send_records, (void *)(i + 1));
	for (; records < WRITERS * RECORDS; records++) {
		size_t got = 0;
		while (got < sizeof record) {
			const long count = read(ends[0], record + got, sizeof record - got);
			if (count <= 0)
				break;
			got += (size_t)count;
		}
		for (int i = 1; i < WHOLE; i++)
			whole &= record[i] == record[0];
	}
	CHECK(whole);
	for (int i = 0; i < WRITERS; i++)
		CHECK(pthread_join(writers[i], NULL) == 0);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static volatile sig_atomic_t s_broken;

static void note(int signal)
{
	s_broken += signal == SIGPIPE;
}

static void *write_too_much(void *argument)
{
	static char block[2 * LIMIT];
	return (void *)(intptr_t)write(*(int *)argument, block, sizeof block);
}

void broken_pipe(void)
{
	int ends[2];
	void *result;
	CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
	signal(SIGPIPE, note);
	CHECK_FAILS(write(ends[1], "x", 1), EPIPE);
	CHECK(s_broken == 1);
	signal(SIGPIPE, SIG_IGN);
	CHECK_FAILS(write(ends[1], "x", 1), EPIPE);
	CHECK(close(ends[1]) == 0);

	/* The reader goes while a writer waits: it learns how much was written. */
	CHECK(pipe(ends) == 0);
	pthread_t writer = start(write_too_much, &ends[1]);
	pause_ms(20);
	CHECK(close(ends[0]) == 0 && pthread_join(writer, &result) == 0);
	CHECK((intptr_t)result == LIMIT);
	CHECK(close(ends[1]) == 0);
	signal(SIGPIPE, SIG_DFL);
}

static void nothing(int signal)
{
	(void)signal;
}

static void *read_interrupted(void *argument)
{
	char byte;
	errno = 0;
	const long result = read(*(int *)argument, &byte, 1);
	return (void *)(intptr_t)(result == -1 ? -errno : result);
}

void interrupted_read(void)
{
	int ends[2];
	void *result;
	CHECK(pipe(ends) == 0);
	sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = nothing }, NULL);
	pthread_t reader = start(read_interrupted, &ends[0]);
	pause_ms(20);
	CHECK(pthread_kill(reader, SIGUSR1) == 0 && pthread_join(reader, &result) == 0);
	CHECK((intptr_t)result == -EINTR);

	sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = nothing, .sa_flags = SA_RESTART }, NULL);
	reader = start(read_interrupted, &ends[0]);
	pause_ms(20);
	CHECK(pthread_kill(reader, SIGUSR1) == 0);
	pause_ms(20);
	CHECK(write(ends[1], "x", 1) == 1 && pthread_join(reader, &result) == 0 && (intptr_t)result == 1);

	reader = start(read_interrupted, &ends[0]); /* read() is a cancellation point */
	pause_ms(20);
	CHECK(pthread_cancel(reader) == 0 && pthread_join(reader, &result) == 0 && result == PTHREAD_CANCELED);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}
