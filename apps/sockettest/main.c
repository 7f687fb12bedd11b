/* SPDX-License-Identifier: Apache-2.0 */
#include "sockettest.h"

struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
}

int listener(struct sockaddr_in *address, int backlog)
{
	socklen_t length = sizeof *address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(fd >= 0);
	*address = loopback(0);
	CHECK(!bind(fd, (struct sockaddr *)address, sizeof *address));
	CHECK(!listen(fd, backlog));
	CHECK(!getsockname(fd, (struct sockaddr *)address, &length));
	CHECK(length == sizeof *address && address->sin_port);
	return fd;
}

void tcp_pair(int pair[2])
{
	struct sockaddr_in address;
	int fd = listener(&address, 1);
	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(pair[0] >= 0);
	CHECK(!connect(pair[0], (struct sockaddr *)&address, sizeof address));
	pair[1] = accept(fd, NULL, NULL);
	CHECK(pair[1] >= 0);
	close(fd);
}

unsigned poll_now(int fd, short events)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };
	CHECK(poll(&poll_fd, 1, 0) >= 0);
	return (unsigned)poll_fd.revents;
}

int option_of(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;
	CHECK(!getsockopt(fd, level, name, &value, &length) && length == sizeof value);
	return value;
}

void set_option(int fd, const option_t *option)
{
	CHECK(!setsockopt(fd, option->level, option->name, &option->set, sizeof option->set));
}

void check_options(int fd, const option_t *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		CHECK(option_of(fd, options[i].level, options[i].name) == options[i].fresh);
	for (size_t i = 0; i < count; i++) {
		set_option(fd, &options[i]);
		CHECK(option_of(fd, options[i].level, options[i].name) == options[i].set);
	}
}

static void what_is_no_socket_is_told()
{
	struct sockaddr_in address = loopback(1);
	int pipes[2];
	CHECK(!pipe(pipes));
	CHECK_FAILS(connect(pipes[0], (struct sockaddr *)&address, sizeof address), ENOTSOCK);
	CHECK_FAILS(listen(99, 1), EBADF);
	CHECK_FAILS(socket(99, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_FAILS(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
	close(pipes[0]);
	close(pipes[1]);
}

/* What needs a machine beyond the wire: `server`, A.B.C.D:port, is a socket of it that says whom else to speak to. */
static void wire_checks(char *server)
{
	wire_t wire;
	wire_connect(&wire, server);
	name_server_checks();
	group_checks(&wire);
	fclose(wire.peer);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(120); /* a hang is a failure */
	if (argc > 1) {
		wire_checks(argv[1]);
		return 0;
	}
	HOLDS(what_is_no_socket_is_told);
	tcp_checks();
	udp_checks();
	unix_checks();
	name_checks();
	return 0;
}
