/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads. A thread is one allocation: guard page, stack, thread-local storage and the thread object on top; the
 * allocations of ended threads are kept for the next ones. The scheduler is an element chosen by a feature.
 * A thread's object lives until it is joined, or until it ends if it is detached; using its pointer later is the
 * caller's error.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <axtask/features.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef struct ax_thread ax_thread_t;

/** Never: a deadline for waits without one. */
#define AXTASK_FOREVER UINT64_MAX

/** How a new thread shall be; zero is a good value for each. */
typedef struct ax_thread_attr {
	const char *name;     /* copied, cut to 15 bytes; NULL: "thread-<id>" */
	void *stack;          /* the caller's, of stack_bytes, for the thread to run on until it is joined; NULL: the kernel's */
	size_t stack_bytes;   /* rounded up to pages; 0: AX_CONFIG_STACK_BYTES */
	bool detached;        /* nobody will join it */
	bool unsliced;        /* see axtask_set_level() */
	unsigned level;       /* the same */
} ax_thread_attr_t;

/** Start scheduling; the caller becomes the thread "main". Once, before any other call. */
void axtask_init(void);

/**
 * Create a thread that runs entry(argument) and make it runnable.
 * @param attr    NULL for all defaults
 * @param thread  the new thread; may be NULL for a detached one. Own it: join or detach
 * @retval AX_ERR_NO_MEMORY      no memory for its stack
 * @retval AX_ERR_INVALID_INPUT  stack too small to hold a thread, or not detached and @p thread NULL
 * @retval AX_ERR_OUT_OF_RANGE   see axtask_set_level()
 */
ax_err_t axtask_spawn(const ax_thread_attr_t *attr, void *(*entry)(void *argument), void *argument,
		      ax_thread_t **thread);

/** End the calling thread with @p result for who joins it. */
_Noreturn void axtask_exit(void *result);

/**
 * Wait until @p thread ends, take its result and release it.
 * @param result  may be NULL
 * @retval AX_ERR_DEADLOCK       it is the caller
 * @retval AX_ERR_INVALID_INPUT  it is detached or being joined
 */
ax_err_t axtask_join(ax_thread_t *thread, void **result);

/**
 * As axtask_join(), but gives up: the thread can be joined again.
 * @param deadline_ns  of axhal_now_ns(); AXTASK_FOREVER: none
 * @retval AX_ERR_TIMED_OUT    the deadline came first
 * @retval AX_ERR_INTERRUPTED  the caller was notified first
 */
ax_err_t axtask_join_interruptible(ax_thread_t *thread, void **result, uint64_t deadline_ns);

/** The thread will release itself. @retval AX_ERR_INVALID_INPUT  it is detached or being joined */
ax_err_t axtask_detach(ax_thread_t *thread);

/** Nobody will join @p thread, which has not ended. */
bool axtask_is_detached(const ax_thread_t *thread);

/** The calling thread. */
ax_thread_t *axtask_current(void);

#if AXTASK_FEATURE_SMP
/**
 * Whether @p thread runs on a CPU: a hint for who waits for it to do something soon, as it may change at once. The pointer
 * is only compared: the thread may have ended.
 * @param cpu  below AXHAL_MAX_CPUS: where to look first; then where it was found
 */
bool axtask_is_running(const ax_thread_t *thread, unsigned *cpu);
#endif

/** Let other runnable threads run; returns at once if there is none. */
void axtask_yield(void);

/** Sleep until axhal_now_ns() reaches @p deadline_ns. */
void axtask_sleep_until(uint64_t deadline_ns);

/** Sleep for at least @p ns. */
void axtask_sleep(uint64_t ns);

/** As axtask_sleep_until(), but axtask_notify() ends it too. @retval AX_ERR_INTERRUPTED  notified first */
ax_err_t axtask_sleep_until_interruptible(uint64_t deadline_ns);

/**
 * Draw @p thread's attention (to a signal, to its cancellation): the interruptible wait that it is in, or its next one,
 * ends with AX_ERR_INTERRUPTED; and if threads can be preempted, the notice handler is called on it as soon as no guard
 * is in force. The notice stays until axtask_take_notice(). Any context; the caller makes sure that the thread lives.
 */
void axtask_notify(ax_thread_t *thread);

/** Whether the caller has been notified since it last asked. Thread context. */
bool axtask_take_notice(void);

/** Whether it has; the notice stays. Thread context. */
bool axtask_has_notice(void);

/**
 * Have @p handler called for a notice on the thread that it is for, between any two of its instructions: as restricted as
 * a signal handler. It should take the notice. Interrupts are masked and no guard is in force, and so again when it
 * returns; it may unmask them for what may take long, and never return from there. One handler an image.
 */
#if AXTASK_FEATURE_PREEMPT
void axtask_on_notice(void (*handler)(void));
#else
static inline void axtask_on_notice([[maybe_unused]] void (*handler)(void))
{
}
#endif

/**
 * Call visit(thread, argument) for every living thread, until it returns false. The table is locked meanwhile, so the
 * threads stay; interrupts are masked. Thread context.
 */
void axtask_each(bool (*visit)(ax_thread_t *thread, void *argument), void *argument);

/** The CPUs that @p thread may run on, bit i for CPU i. All, to begin with. */
uint64_t axtask_affinity(const ax_thread_t *thread);

/** Set them. A thread that is where it may not be moves at once, or as soon as it can be preempted there.
 *  Thread context. @retval AX_ERR_INVALID_INPUT  no CPU of the set is online */
ax_err_t axtask_set_affinity(ax_thread_t *thread, uint64_t cpus);

/** What a thread has done so far. Without feature `stats` all 0. */
typedef struct axtask_thread_stats {
	uint64_t run_ns;               /* time on CPUs, up to its last switch, or now for the caller */
	uint64_t switches;             /* times that it was switched to */
	uint64_t preemptions;          /* times that the CPU was taken from it */
	uint64_t migrations;           /* times that it came to another CPU */
} axtask_thread_stats_t;


/** What a CPU has done so far. Without feature `stats` all 0. */
typedef struct axtask_cpu_stats {
	uint64_t idle_ns;              /* time without a thread to run */
	uint64_t switches;
	uint64_t steals;               /* threads taken from other CPUs' queues */
	uint64_t wakes_sent;           /* other CPUs roused */
	unsigned ready;                /* threads in its run queue now */
} axtask_cpu_stats_t;

#if AXTASK_FEATURE_STATS

axtask_thread_stats_t axtask_thread_stats(ax_thread_t *thread);

/** @p cpu below axhal_cpus_present(). */
axtask_cpu_stats_t axtask_cpu_stats(unsigned cpu);

#else

static inline axtask_thread_stats_t axtask_thread_stats([[maybe_unused]] ax_thread_t *thread)
{
	return (axtask_thread_stats_t){ 0 };
}

static inline axtask_cpu_stats_t axtask_cpu_stats([[maybe_unused]] unsigned cpu)
{
	return (axtask_cpu_stats_t){ 0 };
}

#endif

/** The scheduler's priority: nice -20 (most) to 19. @retval AX_ERR_NOT_SUPPORTED  the policy has none */
ax_err_t axtask_set_priority(ax_thread_t *thread, int nice);

/**
 * How long after becoming ready @p thread should have done its work: the scheduler's deadline each time that it is
 * woken, from the next time on. A new thread has none.
 * @param relative_ns  AXTASK_FOREVER: none
 * @retval AX_ERR_NOT_SUPPORTED  the policy has none
 */
ax_err_t axtask_set_deadline(ax_thread_t *thread, uint64_t relative_ns);

/** Fixed priorities there are, levels 0 to AXTASK_LEVELS - 1. */
#define AXTASK_LEVELS (AXTASK_FEATURE_PRIO ? 33 : 1)

/** How long a sliced thread runs before its equals get their turn; 0: the policy does not say. */
#define AXTASK_SLICE_NS (AXTASK_FEATURE_RR || AXTASK_FEATURE_PRIO ? 10000000 : 0)

/**
 * The scheduler's fixed priority: of the ready threads those of the highest level run. Threads of level 0, and others that
 * are @p sliced, take turns with their equals. A new thread has its attributes' level. It counts at once for the caller,
 * for others from when they are next woken, yield or are preempted.
 * @retval AX_ERR_NOT_SUPPORTED  the policy has level 0 alone
 * @retval AX_ERR_OUT_OF_RANGE   no such level, or level 0 not sliced
 */
ax_err_t axtask_set_level(ax_thread_t *thread, unsigned level, bool sliced);

/** Both as they were set. */
void axtask_level(const ax_thread_t *thread, unsigned *level, bool *sliced);

uint64_t axtask_id(const ax_thread_t *thread);
const char *axtask_name(const ax_thread_t *thread);

/** Rename the calling thread; @p name is copied, cut to 15 bytes. */
void axtask_set_name(const char *name);

/** Stack bounds, for whoever scans or measures it; NULL and 0 for "main", which runs on the boot stack. */
void axtask_stack(const ax_thread_t *thread, void **start, size_t *bytes);

/** Threads that are not released yet, the caller included: who have ended and wait to be joined count too. */
size_t axtask_count(void);

/** Threads that have not ended, the caller included. When it becomes 0 the image ends with status 0. */
size_t axtask_living(void);

#pragma GCC visibility pop
