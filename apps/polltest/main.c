/* SPDX-License-Identifier: Apache-2.0 */
/* Each check prints its name; a line that says FAIL has the place. See app.toml. */
#include "polltest.h"

#include <stdlib.h>
#include <time.h>

bool polltest_failed;

pthread_t start(void *(*run)(void *), void *argument)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, run, argument) != 0)
		abort();
	return thread;
}

void pause_ms(int ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000L }, NULL);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} checks[] = {
		{ "numbers", numbers },
		{ "duplicates", duplicates },
		{ "many descriptors", many_descriptors },
		{ "closing while another reads", closing_while_reading },
		{ "pipe in one thread", pipe_in_one_thread },
		{ "pipe between threads", pipe_between_threads },
		{ "whole writes", whole_writes },
		{ "broken pipe", broken_pipe },
		{ "interrupted read", interrupted_read },
		{ "event counters", event_counters },
		{ "timers as files", timers_as_files },
		{ "message queues: order", queues_order },
		{ "message queues: what they refuse", queues_errors },
		{ "message queues between threads", queues_between_threads },
		{ "message queues tell", queues_tell },
		{ "poll looks", poll_looks },
		{ "poll waits", poll_waits },
		{ "poll and signals", poll_and_signals },
		{ "select", selecting },
		{ "epoll: level", epoll_levels },
		{ "epoll: edge", epoll_edges },
		{ "epoll: one shot", epoll_one_shot },
		{ "epoll: what it refuses", epoll_control },
		{ "epoll in epoll", epoll_in_epoll },
		{ "epoll and close", epoll_and_close },
		{ "epoll: many", epoll_many },
		{ "epoll from threads", epoll_from_threads },
	};
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		checks[i].run();
		printf("%s\n", checks[i].name);
	}
	return polltest_failed;
}
