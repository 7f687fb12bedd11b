/* SPDX-License-Identifier: Apache-2.0 */
#include "sockettest.h"

#include <sys/sendfile.h>

static void bytes_arrive_in_both_directions()
{
	int pair[2];
	char buffer[16];
	tcp_pair(pair);
	CHECK(write(pair[0], "there", 5) == 5);
	CHECK(recv(pair[1], buffer, sizeof buffer, 0) == 5 && !memcmp(buffer, "there", 5));
	CHECK(send(pair[1], "and back", 8, 0) == 8);
	CHECK(recv(pair[0], buffer, 8, MSG_WAITALL) == 8 && !memcmp(buffer, "and back", 8));
	close(pair[0]);
	close(pair[1]);
}

static void both_ends_know_both_addresses()
{
	int pair[2];
	struct sockaddr_in a, b;
	socklen_t length = sizeof a;
	tcp_pair(pair);
	CHECK(!getsockname(pair[0], (struct sockaddr *)&a, &length));
	CHECK(!getpeername(pair[1], (struct sockaddr *)&b, &length));
	CHECK(a.sin_port == b.sin_port && a.sin_addr.s_addr == b.sin_addr.s_addr && a.sin_port);
	close(pair[0]);
	close(pair[1]);
}

enum { MEGABYTES = 4 << 20 };

static unsigned char byte_at(size_t index)
{
	return (unsigned char)(index * 2654435761u >> 13);
}

static void *send_megabytes(void *argument)
{
	int fd = *(int *)argument;
	unsigned char *data = malloc(MEGABYTES);
	CHECK(data);
	for (size_t i = 0; i < MEGABYTES; i++)
		data[i] = byte_at(i);
	CHECK(write(fd, data, MEGABYTES) == MEGABYTES); /* blocking: all of it */
	CHECK(!shutdown(fd, SHUT_WR));
	free(data);
	return NULL;
}

static void pass_megabytes(int pair[2])
{
	pthread_t thread;
	static unsigned char buffer[50000];
	size_t total = 0;
	ssize_t got;
	CHECK(!pthread_create(&thread, NULL, send_megabytes, &pair[0]));
	while ((got = read(pair[1], buffer, sizeof buffer)) > 0) {
		for (size_t i = 0; i < (size_t)got; i++)
			CHECK(buffer[i] == byte_at(total + i));
		total += (size_t)got;
	}
	CHECK(got == 0 && total == MEGABYTES);
	CHECK(write(pair[1], "still open", 10) == 10); /* the other way */
	CHECK(read(pair[0], buffer, sizeof buffer) == 10);
	CHECK(!pthread_join(thread, NULL));
	close(pair[0]);
	close(pair[1]);
}

static void megabytes_arrive_as_they_were_sent_and_then_the_end()
{
	int pair[2];
	tcp_pair(pair);
	pass_megabytes(pair);
}

static const option_t s_small_receive = { SOL_SOCKET, SO_RCVBUF, 0, 32768 }, s_small_send = { SOL_SOCKET, SO_SNDBUF, 0, 32768 };

/* @p reader has a small buffer, and reads nothing for a while. */
static void hold_back(int writer, int reader)
{
	enum { MUCH = 400000, MOST = 131072, WHILE_US = 20000 };
	static char data[MUCH];
	int waiting = 0;
	char byte;
	CHECK(option_of(reader, SOL_SOCKET, SO_RCVBUF) >= s_small_receive.set);
	ssize_t sent = send(writer, data, sizeof data, MSG_DONTWAIT);
	CHECK(sent > 0);
	do /* more than that comes in any case */
		CHECK(!ioctl(reader, FIONREAD, &waiting));
	while (waiting < 10000);
	usleep(WHILE_US);
	CHECK(!ioctl(reader, FIONREAD, &waiting) && waiting <= MOST);
	for (ssize_t got = 0, step; got < sent; got += step) {
		step = recv(reader, data, sizeof data, 0);
		CHECK(step > 0);
	}
	close(reader);
	CHECK(recv(writer, &byte, 1, 0) == 0); /* the end, and no reset */
	close(writer);
}

static void a_small_buffer_holds_the_peer_back_and_all_arrives()
{
	enum { MOST = 262144 };
	int pair[2];
	static char data[65536];
	struct sockaddr_in address;
	size_t sent = 0;
	ssize_t step;
	int fd = listener(&address, 1);
	set_option(fd, &s_small_receive); /* its connections have it */
	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!connect(pair[0], (struct sockaddr *)&address, sizeof address));
	pair[1] = accept(fd, NULL, NULL);
	hold_back(pair[0], pair[1]);
	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	set_option(pair[0], &s_small_receive);
	CHECK(!connect(pair[0], (struct sockaddr *)&address, sizeof address));
	pair[1] = accept(fd, NULL, NULL);
	hold_back(pair[1], pair[0]);
	close(fd);
	tcp_pair(pair); /* of a connection that there is, too */
	set_option(pair[1], &s_small_receive);
	set_option(pair[0], &s_small_send);
	pass_megabytes(pair);
	tcp_pair(pair);
	set_option(pair[0], &s_small_send);
	set_option(pair[1], &s_small_receive);
	CHECK(option_of(pair[0], SOL_SOCKET, SO_SNDBUF) >= s_small_send.set);
	while ((step = send(pair[0], data, sizeof data, MSG_DONTWAIT)) > 0)
		sent += (size_t)step;
	CHECK(errno == EAGAIN && sent > 0 && sent <= MOST);
	close(pair[0]);
	close(pair[1]);
}

static void what_is_peeked_at_stays()
{
	int pair[2], waiting;
	char buffer[8];
	tcp_pair(pair);
	CHECK(send(pair[0], "peek", 4, 0) == 4);
	CHECK(recv(pair[1], buffer, sizeof buffer, MSG_PEEK) == 4);
	CHECK(!ioctl(pair[1], FIONREAD, &waiting) && waiting == 4);
	CHECK(recv(pair[1], buffer, 2, 0) == 2 && recv(pair[1], buffer + 2, 6, 0) == 2 && !memcmp(buffer, "peek", 4));
	close(pair[0]);
	close(pair[1]);
}

static void pieces_are_gathered_and_spread()
{
	int pair[2];
	char first[3], second[16];
	struct iovec out[] = { { "one", 3 }, { "", 0 }, { "twothree", 8 } };
	struct iovec in[] = { { first, sizeof first }, { second, sizeof second } };
	struct msghdr message = { .msg_iov = out, .msg_iovlen = 3 }, answer = { .msg_iov = in, .msg_iovlen = 2 };
	tcp_pair(pair);
	CHECK(sendmsg(pair[0], &message, 0) == 11);
	CHECK(recvmsg(pair[1], &answer, 0) == 11);
	CHECK(!memcmp(first, "one", 3) && !memcmp(second, "twothree", 8));
	CHECK(writev(pair[1], out, 3) == 11 && readv(pair[0], in, 2) == 11);
	close(pair[0]);
	close(pair[1]);
}

static void who_does_not_want_to_wait_is_told_so()
{
	int pair[2];
	char buffer[8];
	static char zeros[65536];
	size_t sent = 0;
	ssize_t step;
	struct sockaddr_in address;
	int fd = listener(&address, 1);
	CHECK(!fcntl(fd, F_SETFL, O_NONBLOCK));
	CHECK_FAILS(accept(fd, NULL, NULL), EAGAIN);
	tcp_pair(pair);
	CHECK_FAILS(recv(pair[0], buffer, sizeof buffer, MSG_DONTWAIT), EAGAIN);
	while ((step = send(pair[0], zeros, sizeof zeros, MSG_DONTWAIT)) > 0)
		sent += (size_t)step;
	CHECK(errno == EAGAIN && sent > 0);
	CHECK(!(poll_now(pair[0], POLLOUT) & POLLOUT));
	for (size_t got = 0; got < sent; got += (size_t)step) {
		step = recv(pair[1], zeros, sizeof zeros, 0);
		CHECK(step > 0);
	}
	struct pollfd writable = { .fd = pair[0], .events = POLLOUT };
	CHECK(poll(&writable, 1, 10000) == 1 && writable.revents == POLLOUT);
	close(fd);
	close(pair[0]);
	close(pair[1]);
}

static void a_connection_that_nobody_wants_is_refused()
{
	struct sockaddr_in address;
	int error = 0, fd = listener(&address, 1);
	socklen_t length = sizeof error;
	close(fd); /* nobody is there now */
	fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_FAILS(connect(fd, (struct sockaddr *)&address, sizeof address), ECONNREFUSED);
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) && errno == EINPROGRESS) {
		struct pollfd done = { .fd = fd, .events = POLLOUT };
		CHECK(poll(&done, 1, 10000) == 1 && (done.revents & (POLLERR | POLLHUP)));
		CHECK(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) && error == ECONNREFUSED);
	} else {
		CHECK(errno == ECONNREFUSED);
	}
	close(fd);
}

static void a_connection_can_be_begun_without_waiting()
{
	struct sockaddr_in address;
	int error = -1, fd = listener(&address, 1);
	socklen_t length = sizeof error;
	int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (connect(client, (struct sockaddr *)&address, sizeof address)) {
		CHECK(errno == EINPROGRESS);
		struct pollfd done = { .fd = client, .events = POLLOUT };
		CHECK(poll(&done, 1, 10000) == 1 && done.revents == POLLOUT);
		CHECK(!getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &length) && !error);
	}
	int server = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	CHECK(server >= 0 && (fcntl(server, F_GETFL) & O_NONBLOCK) && (fcntl(server, F_GETFD) & FD_CLOEXEC));
	close(fd);
	close(client);
	close(server);
}

static volatile sig_atomic_t s_broken_pipes;

static void on_broken_pipe(int signal)
{
	(void)signal;
	s_broken_pipes++;
}

static void writing_to_one_who_is_gone_is_a_broken_pipe()
{
	int pair[2];
	char buffer[1];
	struct sigaction action = { .sa_handler = on_broken_pipe };
	tcp_pair(pair);
	CHECK(!sigaction(SIGPIPE, &action, NULL));
	CHECK(!shutdown(pair[0], SHUT_WR));
	CHECK_FAILS(send(pair[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK(s_broken_pipes == 0);
	CHECK_FAILS(write(pair[0], "x", 1), EPIPE);
	CHECK(s_broken_pipes == 1);
	CHECK(read(pair[1], buffer, 1) == 0);
	close(pair[0]);
	close(pair[1]);
}

static void a_reset_is_told_once()
{
	int pair[2];
	char buffer[4];
	struct linger hard = { 1, 0 };
	tcp_pair(pair);
	CHECK(!setsockopt(pair[0], SOL_SOCKET, SO_LINGER, &hard, sizeof hard));
	close(pair[0]);
	struct pollfd reset = { .fd = pair[1], .events = POLLIN };
	CHECK(poll(&reset, 1, 10000) == 1 && (reset.revents & POLLHUP));
	CHECK_FAILS(recv(pair[1], buffer, sizeof buffer, 0), ECONNRESET);
	CHECK(recv(pair[1], buffer, sizeof buffer, 0) == 0);
	close(pair[1]);
}

static void a_timeout_ends_the_wait()
{
	int pair[2];
	char buffer[1];
	struct timeval soon = { .tv_usec = 20000 };
	tcp_pair(pair);
	CHECK(!setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon));
	CHECK_FAILS(recv(pair[0], buffer, 1, 0), EAGAIN);
	static char zeros[65536];
	ssize_t sent;
	CHECK(!setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon));
	while ((sent = send(pair[0], zeros, sizeof zeros, 0)) > 0)
		; /* until nothing fits */
	CHECK(sent == -1 && errno == EAGAIN);
	close(pair[0]);
	close(pair[1]);
}

static const option_t s_options[] = {
	{ IPPROTO_TCP, TCP_NODELAY, 0, 1 },   { SOL_SOCKET, SO_KEEPALIVE, 0, 1 },   { SOL_SOCKET, SO_REUSEADDR, 0, 1 },
	{ IPPROTO_TCP, TCP_KEEPIDLE, 7200, 30 }, { IPPROTO_TCP, TCP_KEEPINTVL, 75, 5 }, { IPPROTO_TCP, TCP_KEEPCNT, 9, 3 },
	{ IPPROTO_IP, IP_TTL, 64, 17 },	      { IPPROTO_IP, IP_TOS, 0, 0x10 },
};

static void options_are_what_they_were_set_to()
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), value = 1;
	struct linger linger = { 1, 5 }, none = {};
	struct timeval time = { 2, 500000 }, other = {};
	socklen_t length = sizeof none;
	CHECK(fd >= 0);
	check_options(fd, s_options, sizeof s_options / sizeof s_options[0]);
	CHECK(!setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
	CHECK(!getsockopt(fd, SOL_SOCKET, SO_LINGER, &none, &length) && none.l_onoff && none.l_linger == 5);
	length = sizeof other;
	CHECK(!setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time));
	CHECK(!getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &other, &length) && other.tv_sec == 2 && other.tv_usec == 500000);
	CHECK(option_of(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM && option_of(fd, SOL_SOCKET, SO_ERROR) == 0);
	CHECK(option_of(fd, SOL_SOCKET, SO_DOMAIN) == AF_INET && option_of(fd, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP);
	CHECK(option_of(fd, SOL_SOCKET, SO_RCVBUF) > 0 && option_of(fd, SOL_SOCKET, SO_SNDBUF) > 0);
	CHECK(!setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof value));
	CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, 9999, &value, sizeof value), ENOPROTOOPT);
	CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, 1), EINVAL);
	value = 0;
	CHECK_FAILS(setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof value), EINVAL);
	CHECK_FAILS(setsockopt(fd, IPPROTO_IP, IP_TTL, &value, sizeof value), EINVAL);
	close(fd);
}

static void a_connection_has_the_options_of_its_listener()
{
	struct sockaddr_in address;
	struct timeval soon = { .tv_usec = 20000 };
	char byte;
	int on = 1, fd = listener(&address, 1), client = socket(AF_INET, SOCK_STREAM, 0);
	for (size_t i = 0; i < sizeof s_options / sizeof s_options[0]; i++)
		set_option(fd, &s_options[i]);
	CHECK(!setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon));
	CHECK(option_of(fd, SOL_SOCKET, SO_ACCEPTCONN) == 1);
	CHECK(!connect(client, (struct sockaddr *)&address, sizeof address));
	int server = accept(fd, NULL, NULL);
	CHECK(server >= 0 && option_of(server, SOL_SOCKET, SO_ACCEPTCONN) == 0);
	for (size_t i = 0; i < sizeof s_options / sizeof s_options[0]; i++)
		CHECK(option_of(server, s_options[i].level, s_options[i].name) == s_options[i].set);
	CHECK_FAILS(recv(server, &byte, 1, 0), EAGAIN);
	CHECK(!setsockopt(server, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
	CHECK(write(client, "x", 1) == 1 && recv(server, &byte, 1, 0) == 1);
	close(fd);
	close(client);
	close(server);
}

static void a_file_is_sent_from_where_it_lies()
{
	static char expected[4096], got[4096];
	int pair[2], file = open("/etc/hosts", O_RDONLY);
	ssize_t bytes = read(file, expected, sizeof expected);
	off_t offset = 1;
	tcp_pair(pair);
	CHECK(file >= 0 && bytes > 1);
	CHECK(sendfile(pair[0], file, &offset, sizeof expected) == bytes - 1 && offset == bytes);
	CHECK(recv(pair[1], got, (size_t)bytes - 1, MSG_WAITALL) == bytes - 1 && !memcmp(got, expected + 1, (size_t)bytes - 1));
	CHECK(sendfile(pair[0], file, &offset, 1) == 0); /* the end */
	close(file);
	close(pair[0]);
	close(pair[1]);
}

static void an_address_is_one_listener_s()
{
	struct sockaddr_in address;
	int fd = listener(&address, 1), other = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_FAILS(bind(other, (struct sockaddr *)&address, sizeof address), EADDRINUSE);
	close(fd);
	CHECK(!bind(other, (struct sockaddr *)&address, sizeof address));
	close(other);
}

static void epoll_tells_once_or_as_long_as_it_lasts()
{
	int pair[2], epoll = epoll_create1(0);
	struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.fd = 1 }, got;
	char buffer[8];
	tcp_pair(pair);
	CHECK(epoll >= 0 && !epoll_ctl(epoll, EPOLL_CTL_ADD, pair[1], &event));
	CHECK(epoll_wait(epoll, &got, 1, 0) == 0);
	CHECK(write(pair[0], "ab", 2) == 2);
	CHECK(epoll_wait(epoll, &got, 1, 10000) == 1 && got.events == EPOLLIN);
	CHECK(epoll_wait(epoll, &got, 1, 0) == 0); /* edge: told already */
	event.events = EPOLLIN;
	CHECK(!epoll_ctl(epoll, EPOLL_CTL_MOD, pair[1], &event));
	CHECK(epoll_wait(epoll, &got, 1, 0) == 1 && epoll_wait(epoll, &got, 1, 0) == 1);
	CHECK(read(pair[1], buffer, sizeof buffer) == 2);
	CHECK(epoll_wait(epoll, &got, 1, 0) == 0);
	close(pair[0]);
	CHECK(epoll_wait(epoll, &got, 1, 10000) == 1 && (got.events & EPOLLIN));
	CHECK(read(pair[1], buffer, sizeof buffer) == 0);
	close(pair[1]);
	close(epoll);
}

static void a_listener_of_ipv6_serves_ipv4_too()
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6 }, peer;
	struct sockaddr_in address;
	socklen_t length = sizeof any;
	int fd = socket(AF_INET6, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)&any, sizeof any) && !listen(fd, 4));
	CHECK(!getsockname(fd, (struct sockaddr *)&any, &length));
	address = loopback(ntohs(any.sin6_port));
	CHECK(!connect(client, (struct sockaddr *)&address, sizeof address));
	length = sizeof peer;
	int server = accept(fd, (struct sockaddr *)&peer, &length);
	CHECK(server >= 0 && peer.sin6_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr));
	close(client);
	close(server);
	client = socket(AF_INET6, SOCK_STREAM, 0);
	any.sin6_addr = in6addr_loopback;
	CHECK(!connect(client, (struct sockaddr *)&any, sizeof any));
	close(client);
	close(fd);
}

void tcp_checks(void)
{
	HOLDS(bytes_arrive_in_both_directions);
	HOLDS(both_ends_know_both_addresses);
	HOLDS(megabytes_arrive_as_they_were_sent_and_then_the_end);
	HOLDS(a_small_buffer_holds_the_peer_back_and_all_arrives);
	HOLDS(what_is_peeked_at_stays);
	HOLDS(pieces_are_gathered_and_spread);
	HOLDS(who_does_not_want_to_wait_is_told_so);
	HOLDS(a_connection_that_nobody_wants_is_refused);
	HOLDS(a_connection_can_be_begun_without_waiting);
	HOLDS(writing_to_one_who_is_gone_is_a_broken_pipe);
	HOLDS(a_reset_is_told_once);
	HOLDS(a_timeout_ends_the_wait);
	HOLDS(options_are_what_they_were_set_to);
	HOLDS(a_connection_has_the_options_of_its_listener);
	HOLDS(a_file_is_sent_from_where_it_lies);
	HOLDS(an_address_is_one_listener_s);
	HOLDS(epoll_tells_once_or_as_long_as_it_lasts);
	HOLDS(a_listener_of_ipv6_serves_ipv4_too);
}
