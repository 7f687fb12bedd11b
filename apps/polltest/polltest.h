/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this program share. */
#pragma once

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

/** Some check did not hold. */
extern bool polltest_failed;

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("FAIL %s:%d: %s\n", __FILE__, __LINE__, #condition);                 \
			polltest_failed = true;                                                    \
		}                                                                                  \
	} while (0)

#define CHECK_FAILS(call, error) CHECK((call) == -1 && errno == (error))

/** Start @p run(argument) in a thread. */
pthread_t start(void *(*run)(void *), void *argument);

/** Give other threads time to fall asleep; nothing depends on it. */
void pause_ms(int ms);

/* descriptors.c */
void numbers(void);
void duplicates(void);
void many_descriptors(void);
void closing_while_reading(void);

/* pipes.c */
void pipe_in_one_thread(void);
void pipe_between_threads(void);
void whole_writes(void);
void broken_pipe(void);
void interrupted_read(void);

/* events.c */
void event_counters(void);
void timers_as_files(void);

/* queues.c */
void queues_order(void);
void queues_errors(void);
void queues_between_threads(void);
void queues_tell(void);

/* polling.c */
void poll_looks(void);
void poll_waits(void);
void poll_and_signals(void);
void selecting(void);

/* epolls.c */
void epoll_levels(void);
void epoll_edges(void);
void epoll_one_shot(void);
void epoll_control(void);
void epoll_in_epoll(void);
void epoll_and_close(void);
void epoll_many(void);
void epoll_from_threads(void);
