/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes by name, as far as one thread can use them; and sendfile(). */
#include "filetest.h"

#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static short events_of(int fd, short events)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };
	CHECK(poll(&poll_fd, 1, 0) >= 0);
	return poll_fd.revents;
}

void fifos(void)
{
	char text[8];
	struct stat named, opened;
	CHECK(mkfifo("fifo", 0600) == 0 && stat("fifo", &named) == 0 && S_ISFIFO(named.st_mode));
	CHECK_FAILS(mkfifo("fifo", 0600), EEXIST);
	CHECK_FAILS(open("fifo", O_WRONLY | O_NONBLOCK), ENXIO);
	const int reader = open("fifo", O_RDONLY | O_NONBLOCK);
	CHECK(reader >= 0 && fstat(reader, &opened) == 0 && opened.st_ino == named.st_ino && S_ISFIFO(opened.st_mode));
	CHECK(read(reader, text, 8) == 0 && events_of(reader, POLLIN) == 0); /* no writer yet */
	const int writer = open("fifo", O_WRONLY | O_NONBLOCK);
	CHECK(writer >= 0);
	CHECK_FAILS(read(reader, text, 8), EAGAIN);
	CHECK(write(writer, "words", 5) == 5 && events_of(reader, POLLIN) == POLLIN);
	CHECK(read(reader, text, 8) == 5 && memcmp(text, "words", 5) == 0);
	CHECK_FAILS(lseek(reader, 0, SEEK_CUR), ESPIPE);
	CHECK(close(writer) == 0 && read(reader, text, 8) == 0 && events_of(reader, POLLIN) == POLLHUP);
	CHECK(close(reader) == 0);

	const int both = open("fifo", O_RDWR);
	CHECK(both >= 0 && write(both, "loop", 4) == 4 && events_of(both, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
	const int second = open("fifo", O_RDONLY); /* does not wait: there is a writer */
	CHECK(second >= 0 && read(second, text, 8) == 4 && memcmp(text, "loop", 4) == 0);
	CHECK(close(second) == 0 && write(both, "x", 1) == 1 && close(both) == 0);
	const int again = open("fifo", O_RDONLY | O_NONBLOCK);
	CHECK(again >= 0 && read(again, text, 8) == 0); /* what nobody had open is gone */
	CHECK(close(again) == 0 && unlink("fifo") == 0);
}

void sockets_by_name(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
	const struct sockaddr *name = (struct sockaddr *)&address;
	struct stat status;
	char byte;
	const int listener = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	const int second = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK(bind(listener, name, sizeof address) == 0 && listen(listener, 1) == 0);
	CHECK(stat("socket", &status) == 0 && S_ISSOCK(status.st_mode));
	CHECK_FAILS(bind(second, name, sizeof address), EADDRINUSE);
	CHECK(rename("socket", "moved") == 0); /* the name leads to the node, and that to the socket */
	CHECK_FAILS(connect(client, name, sizeof address), ENOENT);
	strcpy(address.sun_path, "moved");
	CHECK(connect(client, name, sizeof address) == 0);
	const int server = accept(listener, NULL, NULL);
	CHECK(server >= 0 && write(client, "n", 1) == 1 && read(server, &byte, 1) == 1 && byte == 'n');
	CHECK(close(listener) == 0);
	CHECK_FAILS(connect(second, name, sizeof address), ECONNREFUSED); /* what nobody listens at any more stays */
	put("plain", "");
	strcpy(address.sun_path, "plain");
	CHECK_FAILS(connect(second, name, sizeof address), ECONNREFUSED);
	CHECK(close(client) == 0 && close(server) == 0 && close(second) == 0);
	CHECK(unlink("moved") == 0 && unlink("plain") == 0);
}

void sending_files(void)
{
	put("from", "all of this text");
	char text[8];
	off_t offset = 4;
	const int from = open("from", O_RDONLY), to = open("to", O_RDWR | O_CREAT, 0644);
	CHECK(sendfile(to, from, &offset, 2) == 2 && offset == 6 && lseek(from, 0, SEEK_CUR) == 0);
	CHECK(sendfile(to, from, NULL, 3) == 3 && lseek(from, 0, SEEK_CUR) == 3);
	CHECK(sendfile(to, from, NULL, 100) == 13 && sendfile(to, from, NULL, 100) == 0);
	CHECK(holds("to", "ofall of this text"));
	int ends[2];
	offset = 0;
	CHECK(pipe(ends) == 0 && sendfile(ends[1], from, &offset, 3) == 3);
	CHECK(read(ends[0], text, 8) == 3 && memcmp(text, "all", 3) == 0);
	CHECK_FAILS(sendfile(to, ends[0], NULL, 1), EINVAL);
	CHECK_FAILS(sendfile(from, to, NULL, 1), EBADF);
	offset = -1;
	CHECK_FAILS(sendfile(to, from, &offset, 1), EINVAL);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0 && close(from) == 0 && close(to) == 0);
	CHECK(unlink("from") == 0 && unlink("to") == 0);
}
