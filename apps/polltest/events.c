/* SPDX-License-Identifier: Apache-2.0 */
/* eventfd and timerfd. */
#include "polltest.h"

#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static void *add_later(void *argument)
{
	pause_ms(20);
	CHECK(eventfd_write(*(int *)argument, 5) == 0);
	return NULL;
}

void event_counters(void)
{
	eventfd_t value;
	int fd = eventfd(3, EFD_NONBLOCK);
	CHECK(eventfd_read(fd, &value) == 0 && value == 3);
	CHECK_FAILS(eventfd_read(fd, &value), EAGAIN);
	CHECK(eventfd_write(fd, UINT64_MAX - 1) == 0);
	CHECK_FAILS(eventfd_write(fd, 1), EAGAIN);
	CHECK_FAILS(eventfd_write(fd, UINT64_MAX), EINVAL);
	CHECK_FAILS(read(fd, &value, 7), EINVAL);
	CHECK(eventfd_read(fd, &value) == 0 && value == UINT64_MAX - 1 && close(fd) == 0);

	fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	CHECK(eventfd_read(fd, &value) == 0 && value == 1 && eventfd_read(fd, &value) == 0 && value == 1);
	CHECK_FAILS(eventfd_read(fd, &value), EAGAIN);
	CHECK(close(fd) == 0);

	fd = eventfd(0, 0);
	pthread_t writer = start(add_later, &fd);
	CHECK(eventfd_read(fd, &value) == 0 && value == 5);
	CHECK(pthread_join(writer, NULL) == 0 && close(fd) == 0);
	CHECK_FAILS(eventfd(0, 2), EINVAL);
}

void timers_as_files(void)
{
	uint64_t count;
	struct itimerspec spec = { .it_value = { .tv_nsec = 5000000 } }, left;
	const int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	CHECK(timerfd_settime(fd, 0, &spec, NULL) == 0);
	CHECK(read(fd, &count, sizeof count) == sizeof count && count == 1);
	CHECK(timerfd_gettime(fd, &left) == 0 && left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0);

	spec.it_interval.tv_nsec = 2000000;
	CHECK(timerfd_settime(fd, 0, &spec, NULL) == 0);
	pause_ms(30);
	CHECK(read(fd, &count, sizeof count) == sizeof count && count > 3);
	CHECK(timerfd_gettime(fd, &left) == 0 && left.it_interval.tv_nsec == 2000000);

	struct pollfd polled = { .fd = fd, .events = POLLIN };
	CHECK(poll(&polled, 1, -1) == 1 && polled.revents == POLLIN);
	CHECK(timerfd_settime(fd, 0, &(struct itimerspec){ 0 }, NULL) == 0 && poll(&polled, 1, 0) == 0);

	clock_gettime(CLOCK_MONOTONIC, &spec.it_value); /* now: past at once */
	spec.it_interval = (struct timespec){ 0 };
	CHECK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL) == 0);
	CHECK(poll(&polled, 1, -1) == 1);
	CHECK(close(fd) == 0);
	CHECK_FAILS(timerfd_settime(0, 0, &spec, NULL), EINVAL);
}
