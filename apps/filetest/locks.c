/* SPDX-License-Identifier: Apache-2.0 */
/* Locks: of whole files and of records, by open file; those of the process do not conflict with each other. */
#include "filetest.h"

#include <sys/file.h>

void whole_file_locks(void)
{
	put("lock", "x");
	const int one = open("lock", O_RDWR), two = open("lock", O_RDONLY), copy = dup(one);
	CHECK(flock(one, LOCK_EX) == 0 && flock(copy, LOCK_EX | LOCK_NB) == 0);
	CHECK_FAILS(flock(two, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	CHECK(flock(one, LOCK_SH) == 0 && flock(two, LOCK_SH | LOCK_NB) == 0);
	CHECK_FAILS(flock(one, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	CHECK(flock(two, LOCK_UN) == 0 && flock(one, LOCK_EX | LOCK_NB) == 0);
	CHECK(close(one) == 0);
	CHECK_FAILS(flock(two, LOCK_SH | LOCK_NB), EWOULDBLOCK); /* `copy` still has it */
	CHECK(close(copy) == 0 && flock(two, LOCK_EX | LOCK_NB) == 0);
	CHECK_FAILS(flock(two, 77), EINVAL);
	CHECK_FAILS(flock(77, LOCK_SH), EBADF);
	CHECK(close(two) == 0 && unlink("lock") == 0);
}

static int lock(int fd, int command, int type, off_t start, off_t length)
{
	struct flock how = { .l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
	return fcntl(fd, command, &how);
}

void record_locks(void)
{
	put("records", "0123456789");
	const int one = open("records", O_RDWR), two = open("records", O_RDWR), reader = open("records", O_RDONLY);
	CHECK(lock(one, F_OFD_SETLK, F_WRLCK, 2, 4) == 0);
	CHECK_FAILS(lock(two, F_OFD_SETLK, F_RDLCK, 5, 1), EAGAIN);
	CHECK(lock(two, F_OFD_SETLK, F_WRLCK, 6, 0) == 0 && lock(two, F_OFD_SETLK, F_RDLCK, 0, 2) == 0);
	struct flock found = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	CHECK(fcntl(two, F_OFD_GETLK, &found) == 0 && found.l_type == F_WRLCK && found.l_start == 2 && found.l_len == 4);

	/* A piece out of the middle. */
	CHECK(lock(one, F_OFD_SETLK, F_UNLCK, 3, 2) == 0 && lock(two, F_OFD_SETLK, F_WRLCK, 3, 2) == 0);
	CHECK_FAILS(lock(two, F_OFD_SETLK, F_WRLCK, 2, 1), EAGAIN);
	CHECK_FAILS(lock(two, F_OFD_SETLK, F_WRLCK, 5, 1), EAGAIN);
	CHECK(close(one) == 0 && lock(two, F_OFD_SETLKW, F_WRLCK, 2, 4) == 0); /* closing gives them up */
	CHECK(flock(reader, LOCK_EX | LOCK_NB) == 0); /* another kind */

	CHECK(lock(two, F_OFD_SETLK, F_UNLCK, 0, 0) == 0);

	/* The process's own. */
	CHECK(lock(two, F_SETLK, F_WRLCK, 0, 0) == 0 && lock(reader, F_SETLK, F_RDLCK, 0, 0) == 0);
	CHECK(lockf(two, F_TLOCK, 5) == 0 && lockf(two, F_ULOCK, 0) == 0);
	CHECK_FAILS(lock(reader, F_SETLK, F_WRLCK, 0, 0), EBADF);
	CHECK_FAILS(lock(two, F_SETLK, 77, 0, 0), EINVAL);
	CHECK_FAILS(lock(two, F_SETLK, F_RDLCK, -1, 1), EINVAL);
	CHECK(close(two) == 0 && close(reader) == 0 && unlink("records") == 0);
}
