/* SPDX-License-Identifier: Apache-2.0 */
/* Each check returns NULL when the behaviour that its name states holds, else what went wrong. */
#pragma once

#include <axstd/axstd.h>

typedef const char *threadtest_check_t(void);

/* threads.c */
threadtest_check_t join_gives_the_result, join_refuses_oneself_and_the_detached, detached_threads_release_themselves;
threadtest_check_t sleepers_wake_after_their_deadlines, ten_thousand_threads_come_and_go;
threadtest_check_t a_thousand_threads_live_at_once;

/* locks.c */
threadtest_check_t mutex_excludes, mutex_gives_up_at_its_deadline, condvar_hands_over, condvar_gives_up_at_its_deadline;
threadtest_check_t broadcast_wakes_all, semaphore_counts, rwlock_shares_reads_and_excludes_writes;
threadtest_check_t a_wake_up_and_a_deadline_may_meet, a_deadline_after_the_wake_up_wakes_nobody_twice;
threadtest_check_t barrier_has_one_last_each_round, once_runs_once;

/* kinds.c */
threadtest_check_t recursive_mutex_counts, checked_mutex_refuses, event_lets_through, guards_release_at_the_end_of_the_scope;

/* preemption.c */
threadtest_check_t a_spinning_thread_does_not_starve_others, a_preempted_thread_keeps_its_registers;

/* deadlines.c */
threadtest_check_t a_deadline_preempts_a_spinning_thread, a_thread_preempted_by_deadlines_keeps_its_registers;
threadtest_check_t ready_threads_run_in_order_of_their_deadlines;

/* priorities.c */
threadtest_check_t a_higher_level_preempts_a_spinning_thread, ready_threads_run_in_order_of_their_levels;
threadtest_check_t levels_there_are_not_are_refused;

/* inheritance.c */
threadtest_check_t an_owner_inherits_the_level_of_who_waits, levels_are_lent_through_a_chain_of_mutexes;
threadtest_check_t what_is_lent_outlasts_a_change_of_ones_own_level, an_inheriting_mutex_goes_to_the_highest;
threadtest_check_t a_condition_variable_lends_through_its_mutex;

/** Run @p count threads of entry((void *)0..count-1) and join them all; false if one could not be made. */
bool run_threads(size_t count, void *(*entry)(void *number));

/** The caller, and the threads that it then creates, run on one CPU alone: for what is promised of each CPU. */
bool stay_on_one_cpu(void);
bool run_on_all_cpus(void);

/** Fail the check that calls it. */
#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return #condition;                                                         \
	} while (0)
