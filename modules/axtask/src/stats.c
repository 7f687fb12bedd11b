/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what was counted. */
#include "run_queue.h"

#include <kernel_guard/kernel_guard.h>

axtask_thread_stats_t axtask_thread_stats(ax_thread_t *thread)
{
	IRQ_GUARD();
	axtask_thread_stats_t stats = thread->stats;
	if (thread == running())
		stats.run_ns += axhal_now_ns() - this_cpu()->running_since_ns; /* since its last switch or tick */
	return stats;
}

/* For sched_find(), which it leads past all. */
static bool count([[maybe_unused]] const sched_entity_t *e, void *counter)
{
	++*(unsigned *)counter;
	return false;
}

axtask_cpu_stats_t axtask_cpu_stats(unsigned cpu)
{
	axtask_cpu_t *of = percpu_ptr_of(axtask_cpu, cpu);
	IRQ_GUARD();
	SPIN_GUARD_RAW(&of->lock);
	axtask_cpu_stats_t stats = of->counts;
	stats.ready = 0;
	(void)sched_find(&of->ready, count, &stats.ready);
	return stats;
}
