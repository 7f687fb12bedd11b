/* SPDX-License-Identifier: Apache-2.0 */
/* What needs a second thread: opening a FIFO that nobody has open yet, and asynchronous I/O. */
#include "filetest.h"

#include <aio.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

static void *write_to_fifo(void *unused)
{
	const int fd = open("fifo", O_WRONLY);
	CHECK(fd >= 0 && write(fd, "met", 3) == 3 && close(fd) == 0);
	return unused;
}

static void *read_from_fifo(void *unused)
{
	char text[8];
	const int fd = open("fifo", O_RDONLY);
	CHECK(fd >= 0 && read(fd, text, 3) == 3 && memcmp(text, "met", 3) == 0 && close(fd) == 0);
	return unused;
}

static void meet(void *(*there)(void *), void *(*here)(void *))
{
	pthread_t thread;
	CHECK(pthread_create(&thread, NULL, there, NULL) == 0);
	here(NULL);
	CHECK(pthread_join(thread, NULL) == 0);
}

static void wait_for(struct aiocb *block)
{
	const struct aiocb *const list[] = { NULL, block };
	while (aio_error(block) == EINPROGRESS)
		CHECK(aio_suspend(list, 2, NULL) == 0 || errno == EINTR);
}

static struct aiocb block_of(int fd, void *buffer, size_t bytes, off_t offset)
{
	return (struct aiocb){
		.aio_fildes = fd, .aio_buf = buffer, .aio_nbytes = bytes, .aio_offset = offset,
		.aio_sigevent.sigev_notify = SIGEV_NONE, .aio_lio_opcode = LIO_WRITE,
	};
}

static void asynchronous(void)
{
	static char text[] = "asynchronous", read_back[16];
	const int fd = open("aio", O_RDWR | O_CREAT, 0644);
	struct aiocb write_block = block_of(fd, text, 12, 3), read_block = block_of(fd, read_back, 16, 0);
	CHECK(aio_write(&write_block) == 0);
	wait_for(&write_block);
	CHECK(aio_error(&write_block) == 0 && aio_return(&write_block) == 12);
	CHECK(aio_read(&read_block) == 0);
	wait_for(&read_block);
	CHECK(aio_return(&read_block) == 15 && memcmp(read_back, "\0\0\0asynchronous", 15) == 0);
	CHECK(aio_fsync(O_SYNC, &write_block) == 0);
	wait_for(&write_block);
	CHECK(aio_return(&write_block) == 0 && aio_cancel(fd, NULL) == AIO_ALLDONE);
	CHECK_FAILS(aio_cancel(-1, NULL), EBADF);

	struct aiocb first = block_of(fd, text, 5, 0), second = block_of(fd, text + 5, 7, 5);
	struct aiocb *const both[] = { &first, NULL, &second };
	CHECK(lio_listio(LIO_WAIT, both, 3, NULL) == 0 && aio_return(&first) == 5 && aio_return(&second) == 7);
	CHECK(ftruncate(fd, 12) == 0 && holds("aio", "asynchronous"));

	/* A pipe: its writer comes later, and closing the reader's descriptor does not matter. */
	int ends[2];
	CHECK(pipe(ends) == 0);
	struct aiocb waiting = block_of(ends[0], read_back, 4, 0);
	CHECK(aio_read(&waiting) == 0 && write(ends[1], "late", 4) == 4);
	wait_for(&waiting);
	CHECK(aio_return(&waiting) == 4 && memcmp(read_back, "late", 4) == 0);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0 && close(fd) == 0 && unlink("aio") == 0);
}

void waiting(void)
{
	CHECK(mkfifo("fifo", 0600) == 0);
	for (int i = 0; i < 20; i++) {
		meet(write_to_fifo, read_from_fifo);
		meet(read_from_fifo, write_to_fifo);
	}
	CHECK(unlink("fifo") == 0);
	asynchronous();
}
