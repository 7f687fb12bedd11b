/* SPDX-License-Identifier: Apache-2.0 */
#include "sockettest.h"

static void a_pair_is_connected_and_ends_together()
{
	int pair[2];
	char buffer[8];
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	CHECK(write(pair[0], "ab", 2) == 2 && write(pair[0], "cd", 2) == 2);
	CHECK(read(pair[1], buffer, 3) == 3 && read(pair[1], buffer + 3, 5) == 1 && !memcmp(buffer, "abcd", 4));
	CHECK(poll_now(pair[1], POLLIN | POLLOUT) == POLLOUT);
	CHECK(write(pair[0], "rest", 4) == 4);
	close(pair[0]);
	CHECK(read(pair[1], buffer, 8) == 4 && read(pair[1], buffer, 8) == 0);
	CHECK_FAILS(send(pair[1], "x", 1, MSG_NOSIGNAL), EPIPE);
	close(pair[1]);
}

static void messages_of_datagrams_stay_whole()
{
	int pair[2];
	char buffer[8];
	CHECK(!socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	CHECK(send(pair[0], "first", 5, 0) == 5 && send(pair[0], "2nd", 3, 0) == 3);
	CHECK(recv(pair[1], buffer, 2, 0) == 2);
	CHECK(recv(pair[1], buffer, 8, 0) == 3 && !memcmp(buffer, "2nd", 3));
	close(pair[0]);
	close(pair[1]);
}

static struct sockaddr_un named(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	strcpy(address.sun_path, path);
	return address;
}

static void datagrams_find_their_way_by_name_and_back()
{
	struct sockaddr_un here = named("/tmp/sockettest.here"), there = named("/tmp/sockettest.there"), from;
	socklen_t length = sizeof from;
	char buffer[8];
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK(!bind(a, (struct sockaddr *)&here, sizeof here));
	CHECK_FAILS(sendto(a, "x", 1, 0, (struct sockaddr *)&there, sizeof there), ENOENT);
	CHECK(!bind(b, (struct sockaddr *)&there, sizeof there));
	CHECK(sendto(a, "hello", 5, 0, (struct sockaddr *)&there, sizeof there) == 5);
	CHECK(recvfrom(b, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length) == 5 && !strcmp(from.sun_path, here.sun_path));
	CHECK(!connect(b, (struct sockaddr *)&from, length) && send(b, "back", 4, 0) == 4);
	CHECK(recv(a, buffer, sizeof buffer, 0) == 4 && !memcmp(buffer, "back", 4));
	close(a);
	CHECK_FAILS(send(b, "x", 1, 0), ECONNREFUSED);
	close(b);
	unlink(here.sun_path);
	unlink(there.sun_path);
}

static void a_name_leads_to_who_listens_there()
{
	struct sockaddr_un address = named("/tmp/sockettest.stream"), other = named("/tmp/sockettest.none");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	char buffer[8];
	CHECK(!bind(fd, (struct sockaddr *)&address, sizeof address));
	CHECK_FAILS(connect(client, (struct sockaddr *)&address, sizeof address), ECONNREFUSED);
	CHECK(!listen(fd, 2));
	CHECK_FAILS(connect(client, (struct sockaddr *)&other, sizeof other), ENOENT);
	CHECK(!connect(client, (struct sockaddr *)&address, sizeof address));
	CHECK(write(client, "early", 5) == 5); /* before it is accepted */
	CHECK(poll_now(fd, POLLIN) == POLLIN);
	int server = accept(fd, NULL, NULL);
	CHECK(server >= 0 && read(server, buffer, 8) == 5);
	close(fd);
	close(client);
	CHECK(read(server, buffer, 8) == 0);
	close(server);
	unlink(address.sun_path);
}

/* Send the byte with this descriptor. */
static void send_descriptor(int socket, char byte, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {};
	struct iovec piece = { &byte, 1 };
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof control };
	*CMSG_FIRSTHDR(&message) = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET,
						     .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), &fd, sizeof fd);
	CHECK(sendmsg(socket, &message, 0) == 1);
}

/* Receive up to 8 bytes, and a descriptor, or -1. */
static int receive_descriptor(int socket, char *buffer, ssize_t expected)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {};
	struct iovec piece = { buffer, 8 };
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof control };
	int fd = -1;
	CHECK(recvmsg(socket, &message, 0) == expected && !(message.msg_flags & MSG_CTRUNC));
	if (CMSG_FIRSTHDR(&message) && CMSG_FIRSTHDR(&message)->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	return fd;
}

static void descriptors_travel(int type)
{
	int pair[2], ends[2];
	char buffer[8] = "";
	CHECK(!socketpair(AF_UNIX, type, 0, pair) && !pipe(ends));
	send_descriptor(pair[0], 'a', ends[1]);
	CHECK(!close(ends[1])); /* what is on its way stays open */
	CHECK(send(pair[0], "b", 1, 0) == 1);
	int writer = receive_descriptor(pair[1], buffer, 1);
	CHECK(writer >= 0 && buffer[0] == 'a' && write(writer, "through", 7) == 7 && read(ends[0], buffer, 8) == 7);
	CHECK(receive_descriptor(pair[1], buffer, 1) == -1 && buffer[0] == 'b');

	/* One that nobody takes out ends with the socket. */
	send_descriptor(pair[0], 'c', writer);
	CHECK(!close(writer) && poll_now(ends[0], POLLIN) == 0);
	CHECK(recv(pair[1], buffer, 8, MSG_PEEK) == 1);
	close(pair[0]);
	close(pair[1]);
	CHECK(read(ends[0], buffer, 8) == 0);
	close(ends[0]);
}

static void descriptors_are_passed_on()
{
	descriptors_travel(SOCK_STREAM);
	descriptors_travel(SOCK_DGRAM);
	descriptors_travel(SOCK_SEQPACKET);
}

static void *write_much(void *argument)
{
	static char data[1 << 20];
	int fd = *(int *)argument;
	CHECK(write(fd, data, sizeof data) == sizeof data);
	close(fd);
	return NULL;
}

static void who_writes_more_than_fits_waits_for_the_reader()
{
	int pair[2];
	pthread_t thread;
	static char buffer[10000];
	size_t total = 0;
	ssize_t got;
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	CHECK(!pthread_create(&thread, NULL, write_much, &pair[0]));
	while ((got = read(pair[1], buffer, sizeof buffer)) > 0)
		total += (size_t)got;
	CHECK(got == 0 && total == 1 << 20);
	CHECK(!pthread_join(thread, NULL));
	close(pair[1]);
}

static void a_small_buffer_holds_its_writer_back()
{
	enum { MOST = 131072 };
	const option_t small = { SOL_SOCKET, SO_SNDBUF, 0, 32768 };
	int pair[2];
	char data[1000] = {};
	size_t sent = 0;
	ssize_t step;
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	set_option(pair[0], &small);
	CHECK(option_of(pair[0], SOL_SOCKET, SO_SNDBUF) >= small.set);
	while ((step = send(pair[0], data, sizeof data, MSG_DONTWAIT)) > 0)
		sent += (size_t)step;
	CHECK(errno == EAGAIN && sent > 0 && sent <= MOST && !poll_now(pair[0], POLLOUT));
	close(pair[0]);
	close(pair[1]);
}

void unix_checks(void)
{
	HOLDS(a_pair_is_connected_and_ends_together);
	HOLDS(messages_of_datagrams_stay_whole);
	HOLDS(datagrams_find_their_way_by_name_and_back);
	HOLDS(a_name_leads_to_who_listens_there);
	HOLDS(who_writes_more_than_fits_waits_for_the_reader);
	HOLDS(a_small_buffer_holds_its_writer_back);
	HOLDS(descriptors_are_passed_on);
}
