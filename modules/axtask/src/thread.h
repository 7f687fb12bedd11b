/* SPDX-License-Identifier: Apache-2.0 */
/* The thread object, and what axtask's files offer each other. */
#pragma once

#include <axhal/context.h>
#include <axtask/features.h>
#include <axtask/wait_queue.h>
#include <linked_list/linked_list.h>
#include <memory_addr/memory_addr.h>
#include <scheduler/scheduler.h>
#include <timer_list/timer_list.h>

typedef enum axtask_state {
	AXTASK_RUNNABLE, /* running, or in the run queue */
	AXTASK_WAITING,  /* in a wait queue, or asleep until its timer */
	AXTASK_ENDED,
} axtask_state_t;

enum { AXTASK_NAME_BYTES = 16 };

struct ax_thread {
	axhal_context_t context;     /* first: the switch touches one cache line */
	sched_entity_t sched;
	axtask_state_t state;
	bool timed_out;              /* why the last wait ended */
	bool detached, joining;
	ax_wait_queue_t *waiting_on; /* NULL while in none */
	ax_thread_t *wait_prev, *wait_next;
	timer_event_t timer;
	void *(*entry)(void *argument);
	void *argument;
	void *result;
	ax_wait_queue_t joiners;
	void *resource;
	vaddr_t stack_start;         /* lowest byte of the stack; a guard page below it by feature */
	size_t stack_bytes;
	list_node_t table_node;
	uint64_t id;
	char name[AXTASK_NAME_BYTES];
};

/* switch.c: the run queue of this CPU. Interrupts masked. */
void axtask_run_queue_init(ax_thread_t *main_thread);
void axtask_make_runnable(ax_thread_t *thread);
void axtask_switch_away(void);
void axtask_finish_switch(void);
_Noreturn void axtask_end_current(void);
bool axtask_has_runnable(void);

/* stack.c: a thread's one allocation. Thread context, interrupts unmasked or the run queue idle. */
ax_thread_t *axtask_block_alloc(size_t stack_bytes);
void axtask_block_free(ax_thread_t *thread);

/* thread.c */
void axtask_release(ax_thread_t *thread);
void axtask_trampoline(void *thread);

/* timer.c: interrupts masked. */
void axtask_timer_init(void);
void axtask_timer_start(ax_thread_t *thread, uint64_t deadline_ns);
void axtask_timer_cancel(ax_thread_t *thread);
void axtask_timer_need_tick(void);

/* wait_queue.c: take a waiting thread out of its queue because its time is over. Interrupts masked. */
void axtask_wait_timed_out(ax_thread_t *thread);

/* table.c: every living thread. */
void axtask_table_add(ax_thread_t *thread, const char *name);
void axtask_table_remove(ax_thread_t *thread);
void axtask_table_ended(void);
