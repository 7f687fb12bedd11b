/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between an image with threads (threads.c) and one without (alone.c). */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <posix_api/features.h>
#include <posix_api/threads.h>
#if POSIX_API_FEATURE_MULTITASK
#include <axsync/mutex.h>
#include <axtask/axtask.h>
#include <axtask/timer.h>
#include <axtask/wait_queue.h>
#include <kernel_guard/kernel_guard.h>

#define POSIX_LEVELS AXTASK_LEVELS
#define POSIX_SLICE_NS AXTASK_SLICE_NS

typedef ax_timer_t posix_alarm_t;

static inline void posix_alarms_poll(void)
{
}

/*
 * What comes before and after a handler is not interrupted: an interrupt there might end in another handler, and so on,
 * until the stack is full. A handler that does not return leaves nothing behind.
 */
#define POSIX_HANDLERS_GUARD() IRQ_PREEMPT_GUARD()

/** Inside of the guard, around a handler: it runs as the thread does. */
static inline void posix_handler_begin(void)
{
	irq_enable();
	preempt_enable();
}

static inline void posix_handler_end(void)
{
	preempt_disable();
	irq_disable();
}

/** Out of posix_on_notice() without returning. */
static inline void posix_end_masking(void)
{
	irq_enable();
}

typedef ax_mutex_t posix_lock_t;

static AX_ALWAYS_INLINE void posix_lock(posix_lock_t *lock)
{
	ax_mutex_lock(lock);
}

static AX_ALWAYS_INLINE void posix_unlock(posix_lock_t *lock)
{
	ax_mutex_unlock(lock);
}

typedef struct posix_sleeper {
	ax_wait_queue_t queue;
	bool woken;
} posix_sleeper_t;
#else
#define POSIX_LEVELS 1
#define POSIX_SLICE_NS 0

typedef struct posix_alarm {
	struct posix_alarm *next;
	uint64_t deadline_ns;
	void (*function)(struct posix_alarm *alarm);
} posix_alarm_t;

/** Call the functions of alarms that are due: their interrupt is masked while the program runs. */
void posix_alarms_poll(void);

#define POSIX_HANDLERS_GUARD()

static inline void posix_handler_begin(void)
{
}

static inline void posix_handler_end(void)
{
}

static inline void posix_end_masking(void)
{
}

typedef struct posix_lock {
} posix_lock_t;

static AX_ALWAYS_INLINE void posix_lock([[maybe_unused]] posix_lock_t *lock)
{
}

static AX_ALWAYS_INLINE void posix_unlock([[maybe_unused]] posix_lock_t *lock)
{
}

typedef struct posix_sleeper {
	bool woken;
} posix_sleeper_t;
#endif

/*
 * posix_lock_t, posix_lock(), posix_unlock(): a lock under which one may sleep; zero bytes are unlocked. Handlers are held,
 * so that no handler finds it locked by its own thread. With one thread it is nothing.
 *
 * posix_sleeper_t: one thread that sleeps until others wake it; zero bytes are one that nobody has woken. It lies in who
 * sleeps.
 */

/** POSIX_LOCK(&lock): locked up to the end of the scope. */
#define POSIX_LOCK(lock)                                                                           \
	[[maybe_unused]] AX_CLEANUP(posix_lock_leave_scope)                                        \
	posix_lock_t *const AX_CONCAT(posix_lock_, __LINE__) = posix_lock_scoped(lock)

static AX_ALWAYS_INLINE posix_lock_t *posix_lock_scoped(posix_lock_t *lock)
{
	posix_lock(lock);
	return lock;
}

static AX_ALWAYS_INLINE void posix_lock_leave_scope(posix_lock_t *const *lock)
{
	posix_unlock(*lock);
}

/** Sleep until posix_sleeper_wake() has been called since the last sleep. Handlers are held.
 *  @retval AX_ERR_TIMED_OUT, AX_ERR_INTERRUPTED  as posix_sleep_until() */
ax_err_t posix_sleeper_wait(posix_sleeper_t *sleeper, uint64_t deadline_ns);

/** Any context; who wakes makes sure that the sleeper is still there. */
void posix_sleeper_wake(posix_sleeper_t *sleeper);

/** POSIX_CALL(): handlers are held up to the end of the scope; those that are due then run. In the function that is the
 *  system call, first of all: it ends last. Does not nest. */
#define POSIX_CALL()                                                                               \
	[[maybe_unused]] AX_CLEANUP(posix_call_end)                                                \
	const char AX_CONCAT(posix_call_, __LINE__) = posix_call_begin()

static AX_ALWAYS_INLINE char posix_call_begin(void)
{
	ax_posix_wait_begin();
	return 0;
}

static AX_ALWAYS_INLINE void posix_call_end([[maybe_unused]] const char *unused)
{
	ax_posix_wait_end();
}

/** One reader of the console at a time. Handlers are held. @retval AX_ERR_INTERRUPTED  while waiting for one's turn */
ax_err_t posix_input_begin(void);
void posix_input_end(void);

/** As posix_input_begin(), but false if somebody else reads. */
bool posix_input_try_begin(void);

/** Have posix_console_input() called, any context, when there may be input. */
void posix_input_watch(void);
void posix_console_input(void);

/** axhal_console_read() that waits: 1 byte or more, or AXHAL_CONSOLE_END; 0 if interrupted. Handlers are held. */
long posix_read_input(void *buffer, size_t length);

/**
 * Sleep until axhal_now_ns() reaches @p deadline_ns (UINT64_MAX: for ever). Handlers are held.
 * @retval AX_ERR_INTERRUPTED  a signal is to be delivered, or has been meanwhile to another thread; or cancellation
 */
ax_err_t posix_sleep_until(uint64_t deadline_ns);

/** Draw a thread's attention: posix_sleep_until() ends, and where threads can be preempted posix_on_notice() is called
 *  on it, interrupts masked. Any context; the thread is in the list of those who can be signalled, which is locked. */
void posix_notify(ax_posix_thread_t *thread);

/** The caller sees what it was notified of; whether it was. */
bool posix_take_notice(void);
void posix_on_notice(void);

/** From now on posix_on_notice() is called. */
void posix_expect_notices(void);

/** Have alarm->function called at @p deadline_ns of axhal_now_ns(), as an interrupt handler; see axtask/timer.h. */
void posix_alarm_start(posix_alarm_t *alarm, uint64_t deadline_ns, void (*function)(posix_alarm_t *alarm));

/** It is not called any more, and does not run. */
void posix_alarm_cancel(posix_alarm_t *alarm);

/** How long a thread has run; in an image that does not count, the time since boot. The thread is in the list of those who
 *  can be signalled, which is locked. */
uint64_t posix_run_ns(ax_posix_thread_t *thread);

/** A thread's fixed priority, see axtask_set_level(). To be set it must be one there is. The thread is in the list of those
 *  who can be signalled, which is locked. */
void posix_level(ax_posix_thread_t *thread, unsigned *level, bool *sliced);
void posix_set_level(ax_posix_thread_t *thread, unsigned level, bool sliced);

/** The online CPUs that a thread may run on. */
uint64_t posix_affinity(ax_posix_thread_t *thread);

/** The calling thread's name, and another one for it. */
const char *posix_thread_name(void);
void posix_set_thread_name(const char name[AX_TASK_COMM_BYTES]);

/** Set them. With locks held, another's than the caller's alone. @retval AX_ERR_INVALID_INPUT  none is online */
ax_err_t posix_set_affinity(ax_posix_thread_t *thread, uint64_t cpus);

static inline uint64_t posix_add_saturating(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}
