/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the checks and says of each whether it holds. */
#include "threadtest.h"

#include <threadtest/features.h>

static const struct {
	const char *name;
	threadtest_check_t *check;
} s_checks[] = {
#define CHECK(name) { #name, name }
	CHECK(join_gives_the_result),
	CHECK(join_refuses_oneself_and_the_detached),
	CHECK(detached_threads_release_themselves),
	CHECK(sleepers_wake_after_their_deadlines),
	CHECK(ten_thousand_threads_come_and_go),
	CHECK(a_thousand_threads_live_at_once),
	CHECK(mutex_excludes),
	CHECK(mutex_gives_up_at_its_deadline),
	CHECK(condvar_hands_over),
	CHECK(condvar_gives_up_at_its_deadline),
	CHECK(broadcast_wakes_all),
	CHECK(semaphore_counts),
	CHECK(a_wake_up_and_a_deadline_may_meet),
	CHECK(a_deadline_after_the_wake_up_wakes_nobody_twice),
	CHECK(rwlock_shares_reads_and_excludes_writes),
	CHECK(barrier_has_one_last_each_round),
	CHECK(once_runs_once),
	CHECK(recursive_mutex_counts),
	CHECK(checked_mutex_refuses),
	CHECK(event_lets_through),
	CHECK(guards_release_at_the_end_of_the_scope),
#if THREADTEST_FEATURE_RR || THREADTEST_FEATURE_CFS || THREADTEST_FEATURE_PRIO
	CHECK(a_spinning_thread_does_not_starve_others),
	CHECK(a_preempted_thread_keeps_its_registers),
#elif THREADTEST_FEATURE_EDF
	CHECK(a_deadline_preempts_a_spinning_thread),
	CHECK(a_thread_preempted_by_deadlines_keeps_its_registers),
	CHECK(ready_threads_run_in_order_of_their_deadlines),
#endif
#if THREADTEST_FEATURE_PRIO
	CHECK(a_higher_level_preempts_a_spinning_thread),
	CHECK(ready_threads_run_in_order_of_their_levels),
	CHECK(levels_there_are_not_are_refused),
#endif
#if THREADTEST_FEATURE_INHERIT
	CHECK(an_owner_inherits_the_level_of_who_waits),
	CHECK(levels_are_lent_through_a_chain_of_mutexes),
	CHECK(what_is_lent_outlasts_a_change_of_ones_own_level),
	CHECK(an_inheriting_mutex_goes_to_the_highest),
	CHECK(a_condition_variable_lends_through_its_mutex),
#endif
};

bool run_threads(size_t count, void *(*entry)(void *number))
{
	enum { MOST = 64 };
	ax_thread_t *threads[MOST];
	size_t made = 0;
	while (made < count && made < MOST && ax_thread_spawn(entry, (void *)made, &threads[made]) == AX_OK)
		made++;
	bool good = made == count;
	for (size_t i = 0; i < made; i++)
		good &= ax_thread_join(threads[i], NULL) == AX_OK;
	return good;
}

bool stay_on_one_cpu(void)
{
	return axtask_set_affinity(axtask_current(), 1) == AX_OK;
}

bool run_on_all_cpus(void)
{
	return axtask_set_affinity(axtask_current(), UINT64_MAX) == AX_OK;
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	int failed = 0;
	for (size_t i = 0; i < ARRAY_SIZE(s_checks); i++) {
		const char *problem = s_checks[i].check();
		ax_print("%s: %s\n", s_checks[i].name, problem ? problem : "holds");
		failed += problem != NULL;
	}
	return failed;
}
