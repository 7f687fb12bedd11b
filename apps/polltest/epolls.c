/* SPDX-License-Identifier: Apache-2.0 */
/* epoll: level and edge, one shot, nesting, many, what happens when a watched file is closed. */
#include "polltest.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int add(int epoll, int fd, uint32_t events)
{
	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &(struct epoll_event){ .events = events, .data.fd = fd });
}

static int change(int epoll, int fd, uint32_t events)
{
	return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &(struct epoll_event){ .events = events, .data.fd = fd });
}

static char s_byte;

void epoll_levels(void)
{
	int ends[2];
	struct epoll_event found[4];
	const int epoll = epoll_create1(EPOLL_CLOEXEC);
	CHECK(pipe(ends) == 0 && add(epoll, ends[0], EPOLLIN) == 0);
	CHECK(epoll_wait(epoll, found, 4, 0) == 0 && epoll_wait(epoll, found, 4, 5) == 0);
	CHECK(write(ends[1], "ab", 2) == 2);
	for (int i = 0; i < 3; i++) /* as long as it is so */
		CHECK(epoll_wait(epoll, found, 4, -1) == 1 && found[0].events == EPOLLIN && found[0].data.fd == ends[0]);
	CHECK(read(ends[0], &s_byte, 1) == 1 && epoll_wait(epoll, found, 4, -1) == 1);
	CHECK(read(ends[0], &s_byte, 1) == 1 && epoll_wait(epoll, found, 4, 0) == 0);
	CHECK(add(epoll, ends[1], EPOLLOUT) == 0 && epoll_wait(epoll, found, 4, -1) == 1);
	CHECK(found[0].events == EPOLLOUT && found[0].data.fd == ends[1]);
	CHECK(change(epoll, ends[1], 0) == 0 && epoll_wait(epoll, found, 4, 0) == 0);
	CHECK(close(ends[0]) == 0 && epoll_wait(epoll, found, 4, -1) == 1 && found[0].events == EPOLLERR);
	CHECK(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[1], NULL) == 0 && epoll_wait(epoll, found, 4, 0) == 0);
	CHECK(close(ends[1]) == 0 && close(epoll) == 0);
}

void epoll_edges(void)
{
	int ends[2];
	struct epoll_event found[4];
	const int epoll = epoll_create1(0);
	CHECK(pipe(ends) == 0 && write(ends[1], "a", 1) == 1 && add(epoll, ends[0], EPOLLIN | EPOLLET) == 0);
	CHECK(epoll_wait(epoll, found, 4, -1) == 1 && epoll_wait(epoll, found, 4, 0) == 0);
	CHECK(write(ends[1], "b", 1) == 1); /* something new, though the old was not read */
	CHECK(epoll_wait(epoll, found, 4, -1) == 1 && found[0].events == EPOLLIN);
	CHECK(epoll_wait(epoll, found, 4, 0) == 0);
	CHECK(change(epoll, ends[0], EPOLLIN | EPOLLET) == 0 && epoll_wait(epoll, found, 4, -1) == 1);
	CHECK(close(ends[1]) == 0 && epoll_wait(epoll, found, 4, -1) == 1 && found[0].events == (EPOLLIN | EPOLLHUP));
	CHECK(epoll_wait(epoll, found, 4, 0) == 0);
	CHECK(close(ends[0]) == 0 && close(epoll) == 0);
}

void epoll_one_shot(void)
{
	struct epoll_event found[4];
	const int epoll = epoll_create1(0), event = eventfd(1, 0);
	CHECK(add(epoll, event, EPOLLIN | EPOLLONESHOT) == 0);
	CHECK(epoll_wait(epoll, found, 4, -1) == 1 && epoll_wait(epoll, found, 4, 0) == 0);
	CHECK(eventfd_write(event, 1) == 0 && epoll_wait(epoll, found, 4, 0) == 0);
	CHECK(change(epoll, event, EPOLLIN | EPOLLONESHOT) == 0 && epoll_wait(epoll, found, 4, -1) == 1);
	CHECK(close(event) == 0 && close(epoll) == 0);
}

void epoll_control(void)
{
	struct epoll_event found[4], event = { .events = EPOLLIN };
	const int epoll = epoll_create1(0), fd = eventfd(0, 0);
	CHECK(add(epoll, fd, EPOLLIN) == 0);
	CHECK_FAILS(add(epoll, fd, EPOLLIN), EEXIST);
	CHECK_FAILS(add(epoll, 77, EPOLLIN), EBADF);
	CHECK_FAILS(add(77, fd, EPOLLIN), EBADF);
	CHECK_FAILS(add(fd, epoll, EPOLLIN), EINVAL);
	CHECK_FAILS(add(epoll, epoll, EPOLLIN), EINVAL);
	CHECK_FAILS(epoll_ctl(epoll, 9, fd, &event), EINVAL);
	CHECK_FAILS(epoll_wait(epoll, found, 0, 0), EINVAL);
	CHECK_FAILS(epoll_wait(fd, found, 1, 0), EINVAL);
	CHECK(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event) == 0);
	CHECK_FAILS(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event), ENOENT);
	CHECK_FAILS(change(epoll, fd, EPOLLIN), ENOENT);
	CHECK_FAILS(epoll_create1(1), EINVAL);
	CHECK(close(epoll) == 0 && close(fd) == 0);
}

void epoll_in_epoll(void)
{
	struct epoll_event found[4];
	const int inner = epoll_create1(0), outer = epoll_create1(0), event = eventfd(0, 0);
	CHECK(add(outer, inner, EPOLLIN) == 0 && add(inner, event, EPOLLIN) == 0);
	CHECK_FAILS(add(inner, outer, EPOLLIN), ELOOP);
	CHECK(epoll_wait(outer, found, 4, 0) == 0);
	CHECK(eventfd_write(event, 1) == 0);
	CHECK(epoll_wait(outer, found, 4, -1) == 1 && found[0].data.fd == inner && found[0].events == EPOLLIN);
	struct pollfd polled = { inner, POLLIN, 0 };
	CHECK(poll(&polled, 1, -1) == 1 && polled.revents == POLLIN);
	CHECK(epoll_wait(inner, found, 4, -1) == 1 && found[0].data.fd == event);
	eventfd_t value;
	CHECK(eventfd_read(event, &value) == 0);
	CHECK(epoll_wait(outer, found, 4, 0) == 0 && poll(&polled, 1, 0) == 0);
	int chain[8];
	chain[0] = epoll_create1(0);
	int linked = 1;
	for (; linked < 8; linked++) {
		chain[linked] = epoll_create1(0);
		if (add(chain[linked], chain[linked - 1], EPOLLIN) == -1)
			break;
	}
	CHECK(linked < 8 && errno == ELOOP);
	for (int i = 0; i <= linked && i < 8; i++)
		CHECK(close(chain[i]) == 0);
	CHECK(close(inner) == 0 && close(event) == 0 && epoll_wait(outer, found, 4, 0) == 0 && close(outer) == 0);
}

void epoll_and_close(void)
{
	struct epoll_event found[4];
	const int epoll = epoll_create1(0), event = eventfd(1, 0), copy = dup(event);
	CHECK(add(epoll, event, EPOLLIN) == 0 && close(event) == 0);
	CHECK(epoll_wait(epoll, found, 4, -1) == 1 && found[0].data.fd == event); /* it is open still, as `copy` */
	CHECK(close(copy) == 0 && epoll_wait(epoll, found, 4, 0) == 0);
	const int again = eventfd(1, 0);
	CHECK(again == event && add(epoll, again, EPOLLIN) == 0 && epoll_wait(epoll, found, 4, -1) == 1);
	CHECK(close(epoll) == 0 && close(again) == 0);
}

void epoll_many(void)
{
	enum { MANY = 300, PART = 16 };
	static int events[MANY];
	static bool seen[MANY + 16];
	struct epoll_event found[PART];
	const int epoll = epoll_create1(0);
	for (int i = 0; i < MANY; i++) {
		events[i] = eventfd(0, 0);
		CHECK(add(epoll, events[i], EPOLLIN) == 0);
	}
	CHECK(epoll_wait(epoll, found, PART, 0) == 0);
	for (int i = 0; i < MANY; i += 3)
		CHECK(eventfd_write(events[i], 1) == 0);
	int count = 0, part;
	while (count < MANY / 3 && (part = epoll_wait(epoll, found, PART, -1)) > 0) {
		for (int i = 0; i < part; i++) { /* those that are left come round, although the others stay ready */
			count += !seen[found[i].data.fd];
			seen[found[i].data.fd] = true;
		}
	}
	CHECK(count == MANY / 3);
	for (int i = 0; i < MANY; i++)
		CHECK(close(events[i]) == 0);
	CHECK(epoll_wait(epoll, found, PART, 0) == 0 && close(epoll) == 0);
}

enum { TAKERS = 3, TOKENS = 300 };

static int s_epoll, s_tokens, s_taken;
static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;

static void *take_tokens(void *argument)
{
	for (;;) {
		struct epoll_event found;
		eventfd_t value;
		CHECK(epoll_wait(s_epoll, &found, 1, -1) == 1);
		if (eventfd_read(s_tokens, &value) == -1) {
			CHECK(errno == EAGAIN); /* another was quicker */
			continue;
		}
		pthread_mutex_lock(&s_lock);
		const int taken = ++s_taken;
		pthread_mutex_unlock(&s_lock);
		if (taken > TOKENS)
			return argument;
	}
}

void epoll_from_threads(void)
{
	pthread_t takers[TAKERS];
	s_epoll = epoll_create1(0);
	s_tokens = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK);
	CHECK(add(s_epoll, s_tokens, EPOLLIN) == 0);
	for (int i = 0; i < TAKERS; i++)
		takers[i] = start(take_tokens, NULL);
	for (int i = 0; i < TOKENS / 3; i++)
		CHECK(eventfd_write(s_tokens, 3) == 0);
	CHECK(eventfd_write(s_tokens, TAKERS) == 0); /* one more for each: the end */
	for (int i = 0; i < TAKERS; i++)
		CHECK(pthread_join(takers[i], NULL) == 0);
	CHECK(s_taken == TOKENS + TAKERS);
	CHECK(close(s_epoll) == 0 && close(s_tokens) == 0);
}
