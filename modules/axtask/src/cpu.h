/* SPDX-License-Identifier: Apache-2.0 */
/* What each CPU has. Without feature `smp` all of it is plain globals, and the locks are nothing. */
#pragma once

#include <percpu/percpu.h>
#include <spinlock/spinlock.h>
#include "thread.h"

typedef struct axtask_cpu {
	raw_spinlock_t lock;         /* protects ready and smp.ready_count; innermost of all locks */
	sched_run_queue_t ready;
	uint64_t running_since_ns;   /* run time up to here has been reported; this CPU's own */
	bool waiting;                /* no thread to run: the running one's stack serves to wait on */
	axtask_cpu_smp_t smp;
	axtask_counts_t counts;
} axtask_cpu_t;

typedef struct axtask_timers {
	raw_spinlock_t lock;         /* protects what follows; before wait queues' and run queues' */
	timer_list_t list;
	timer_event_t *firing;       /* its function runs now, the lock let go */
	uint64_t armed_ns;           /* the deadline that the CPU's timer is set to */
	uint64_t tick_ns;            /* when the next tick is due */
} axtask_timers_t;

typedef struct axtask_kept {
	raw_spinlock_t lock;         /* protects what follows; interrupts masked */
	ax_thread_t *first, *odd;    /* of the default stack size, and of others; linked by wait_next */
	size_t count;                /* of the first list */
} axtask_kept_t;

PERCPU_DECLARE(axtask_cpu_t, axtask_cpu);
PERCPU_DECLARE(ax_thread_t *, axtask_running);
