/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this program share. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#if __has_include(<posixtest/features.h>)
#include <posixtest/features.h>
#else /* built for Linux, which preempts */
#define POSIXTEST_FEATURE_PREEMPT 1
#define POSIXTEST_FEATURE_INHERIT 0
#endif

/** Some check did not hold. */
extern bool posixtest_failed;

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("FAIL %s:%d: %s\n", __FILE__, __LINE__, #condition);                 \
			posixtest_failed = true;                                                   \
		}                                                                                  \
	} while (0)

/* preemption.c */
void state_across_preemption(void);

/* names.c */
void every_name_is_there(void);

/* protocols.c */
void mutex_protocols(void);

/* timers.c, cancellation.c */
void timers(void);
void cancellation(void);
void cancel_a_busy_thread(void);

/* robust.c */
void robust_mutexes(void);
void waits_follow_their_clock(void);

/* affinity.c */
void affinity(void);

/* signals.c */
void signals(void);
void signal_to_a_busy_thread(void);
