/* SPDX-License-Identifier: Apache-2.0 */
/* The thread object, and what axtask's files offer each other. */
#pragma once

#include <axhal/context.h>
#include <axtask/features.h>
#include <axtask/timer.h>
#include <axtask/wait_queue.h>
#include <linked_list/linked_list.h>
#include <memory_addr/memory_addr.h>
#include <scheduler/scheduler.h>
#include "inherit.h"
#include "smp.h"
#include "stats.h"

/*
 * A waiting thread is claimed by changing its state to runnable (claim.h): by one of a waker, its deadline and a
 * notice, which then makes it so. Its other fields belong to who has claimed it, then to itself.
 */
typedef enum axtask_state {
	AXTASK_RUNNABLE,      /* running, in a run queue, or claimed and on its way there */
	AXTASK_WAITING,       /* in a wait queue, or asleep until its timer */
	AXTASK_INTERRUPTIBLE, /* the same, and a notice ends it */
	AXTASK_REQUEUED,      /* in a wait queue that its waker put it into: neither deadline nor notice ends that */
	AXTASK_ENDED,
} axtask_state_t;

enum { AXTASK_NAME_BYTES = 16 };

/* An address of one has room for four flags: a mutex keeps them there (axsync/mutex.h, AX_MUTEX_FLAGS). */
struct ax_thread {
	_Alignas(16) axhal_context_t context; /* first: the switch touches one cache line */
	sched_entity_t sched;
	axtask_state_t state;
	axtask_thread_smp_t smp;
	axtask_inherit_t inherit;
	unsigned noticed;            /* see notice.c; a word: not every processor exchanges bytes */
	bool detached, joining;      /* under joiners.lock */
	ax_err_t wait_result;        /* why the last wait ended */
	ax_wait_queue_t *waiting_on; /* NULL while in none */
	ax_thread_t *wait_prev, *wait_next;
	ax_timer_t timer;            /* of its deadline */
	axtask_stats_t stats;
	void *(*entry)(void *argument);
	void *argument;
	void *result;
	ax_wait_queue_t joiners;
#if AXTASK_FEATURE_RESOURCE
	void *resource;              /* the form's block: resource.h */
#endif
	vaddr_t stack_start;         /* lowest byte of the stack; a guard page below it by feature */
	size_t stack_bytes;
	void *given_stack;           /* the creator's, which it runs on instead; NULL: none */
	size_t given_bytes;
	list_node_t table_node;
	uint64_t id;
	char name[AXTASK_NAME_BYTES];
};

/* switch.c. Interrupts masked. */
void axtask_run_queue_init(void);
/** The thread is claimed, or new. */
void axtask_make_runnable(ax_thread_t *thread);
void axtask_switch_away(void);
void axtask_finish_switch(void);
_Noreturn void axtask_end_current(bool detached);
bool axtask_has_runnable(void);
/** What a CPU's idle thread does: waits for threads to run, for ever. */
_Noreturn void axtask_idle(void);

/* stack.c: a thread's one allocation. */
/** Thread context, or boot. */
ax_thread_t *axtask_block_alloc(size_t stack_bytes, void (*entry)(void *thread));
/** The same, but the thread runs on a stack of its creator's, which ends at @p top. Thread context. */
ax_thread_t *axtask_block_alloc_beside(uintptr_t top, void (*entry)(void *thread));
/** The highest address of its stack. */
void *axtask_stack_top(const ax_thread_t *thread);
/** Any context: keeps it. */
void axtask_block_free(ax_thread_t *thread);
/** Give back what is kept beyond measure. Thread context, no lock held. */
void axtask_block_trim(void);

/* stack.c: the form's block of a new thread is filled in, and that of the calling one left; without feature `resource` nothing. */
void axtask_resource_begin(ax_thread_t *thread, ax_thread_t *creator);
void axtask_resource_leave(void);
/** At boot, for "main". */
void axtask_resource_alloc(ax_thread_t *thread);

/* thread.c */
void axtask_release(ax_thread_t *thread);
void axtask_trampoline(void *thread);

/* timer.c. Interrupts masked. */
void axtask_timer_init(void);
void axtask_timer_init_cpu(void);
void axtask_deadline_start(ax_thread_t *thread, uint64_t deadline_ns);

/* wait_queue.c: a claimed thread leaves its wait queue, if it is in one. Interrupts masked. */
void axtask_leave_wait_queue(ax_thread_t *thread);

/** wait_queue.c: @p thread, which is claimed and in the queue, leaves it. Lock held. */
void axtask_take_out(ax_wait_queue_t *queue, ax_thread_t *thread);

/* table.c: every living thread. */
void axtask_table_add(ax_thread_t *thread, const char *name);
void axtask_table_remove(ax_thread_t *thread);
/** @return threads that have not ended */
size_t axtask_table_ended(void);
