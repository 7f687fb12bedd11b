/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a C library's threads and the POSIX API know of each other: who there is to be signalled, and how a wait that is
 * not a system call (of a semaphore, say) lets signals and cancellation end it.
 *
 * A handler runs on its thread, outside of any wait: when a call or a wait ends, and where threads can be preempted
 * also between any two other instructions. So that nothing gets lost between "no signal is there" and the sleep, a wait
 * is bracketed:
 *
 *	ax_posix_wait_begin();			handlers are held
 *	while (error = some interruptible wait, error == AX_ERR_INTERRUPTED)
 *		if (ax_posix_wait_interrupted() != AX_POSIX_NOTHING)	handlers have run, or the thread is to be cancelled
 *			break;
 *	ax_posix_wait_end();
 *
 * After it, a cancellation point asks ax_posix_cancel_is_due(). Brackets do not nest. Between them no other lock than the wait's own may be taken that a handler might want.
 */
#pragma once

#include <posix_api/abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum { AX_POSIX_CANCEL_DISABLE = 1 };

/** Signals that wait to be delivered, to a thread or to the process. */
typedef struct ax_posix_pending {
	uint64_t set;                       /* bit n - 1: signal n */
	struct posix_signal *first, **last; /* with their values, in order; see signal_queue.h */
} ax_posix_pending_t;

/** The POSIX API's part of a thread; it lies in the thread's own storage. */
typedef struct ax_posix_thread {
	struct ax_posix_thread *next, **link; /* of all who can be signalled; link is NULL for who is not among them */
	void *kernel_thread;
	int tid;
	bool in_call;                         /* handlers are held */
	bool cancel;                          /* somebody asked for its cancellation. Set by others, for good */
	bool cancel_async;                    /* PTHREAD_CANCEL_ASYNCHRONOUS */
	uint8_t cancel_state;                 /* PTHREAD_CANCEL_ENABLE, _DISABLE or _MASKED */
	uint64_t mask;                        /* blocked signals; written by the thread */
	uint64_t waiting_for;                 /* what sigwait() and its kind wait for now, else 0 */
	ax_posix_pending_t pending;
	void *alternate_stack;                /* of sigaltstack(); NULL: none */
	size_t alternate_stack_bytes;
} ax_posix_thread_t;

/** Of the calling thread. */
extern _Thread_local ax_posix_thread_t ax_posix_self;

/** Signals that any thread may take. */
extern ax_posix_pending_t ax_posix_process_pending;

/**
 * The thread with this thread pointer can be signalled from now on; it has the caller's mask. Before its first
 * instruction, or by itself (@p thread_pointer NULL). Any context.
 * @param kernel_thread  axtask's, NULL where there is none; lives until ax_posix_thread_end()
 * @return its number, for gettid() and tkill()
 */
int ax_posix_thread_begin(void *thread_pointer, void *kernel_thread);

/** The caller ends: it blocks every signal, and others get what was meant for any thread. */
void ax_posix_thread_end(void);

/** The part of the thread with this thread pointer. */
ax_posix_thread_t *ax_posix_thread_of(void *thread_pointer);

/** Signal a thread that may have ended but is not released: then nothing happens. 0 or a negated errno. */
long ax_posix_thread_kill(ax_posix_thread_t *thread, int signal);

/** Ask for the cancellation of a thread that is not released: a cancellation point at which it waits ends with EINTR;
 *  with cancel_async, @p act is called on it. */
void ax_posix_thread_cancel(ax_posix_thread_t *thread, void (*act)(void));

typedef enum ax_posix_interruption {
	AX_POSIX_NOTHING, /* no handler ran: go on waiting */
	AX_POSIX_RESTART, /* each handler that ran has SA_RESTART */
	AX_POSIX_EINTR,
} ax_posix_interruption_t;

/** The caller is to be cancelled at its next cancellation point, or now if it is at one. */
static inline bool ax_posix_cancel_is_due(void)
{
	return __builtin_expect(*(volatile bool *)&ax_posix_self.cancel, false) &&
	       ax_posix_self.cancel_state != AX_POSIX_CANCEL_DISABLE;
}

static inline void ax_posix_wait_begin(void)
{
	*(volatile bool *)&ax_posix_self.in_call = true;
}

/** Whether there is a signal for the caller to handle. */
static inline bool ax_posix_is_signalled(void)
{
	return __builtin_expect(((__atomic_load_n(&ax_posix_self.pending.set, __ATOMIC_RELAXED) |
				  __atomic_load_n(&ax_posix_process_pending.set, __ATOMIC_RELAXED)) &
				 ~ax_posix_self.mask) != 0, false);
}

/** Run the caller's handlers for what is pending and not blocked. */
void ax_posix_handle_signals(void);

/** May run handlers. */
static inline void ax_posix_wait_end(void)
{
	*(volatile bool *)&ax_posix_self.in_call = false;
	if (ax_posix_is_signalled())
		ax_posix_handle_signals();
}

/** The wait was interrupted: runs handlers. Handlers are held again when this returns. */
ax_posix_interruption_t ax_posix_wait_interrupted(void);

/** A wait without brackets was interrupted: runs handlers. For waits that go on whatever happens, of a mutex say. */
void ax_posix_attend(void);

/** CLOCK_REALTIME, nanoseconds since 1970. Any context. */
uint64_t ax_posix_wall_ns(void);

#pragma GCC visibility pop
