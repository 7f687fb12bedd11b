/* SPDX-License-Identifier: Apache-2.0 */
/* Sending and delivering signals: what the POSIX API's files use of signal.c. */
#pragma once

#include "signal_queue.h"

#include <spinlock/spinlock.h>

/** Protects who can be signalled, actions, masks and pending signals. Taken by interrupt handlers; before the locks of
 *  axtask. */
extern irq_spinlock_t posix_signal_lock;

static inline bool posix_is_signal(int number)
{
	return number >= 1 && number <= AX_SIGNALS;
}

/**
 * Send @p signal to @p thread, or to the process if it is NULL. Any context. What it does to the caller happens in
 * posix_signals_deliver(), but for a deadly one, which ends the image here. An `own` one that is queued already counts
 * an overrun instead.
 * @param self  the calling thread; NULL in an interrupt handler
 * @return 0, or -EAGAIN
 */
long posix_signal_send(ax_posix_thread_t *thread, ax_posix_thread_t *self, posix_signal_t *signal);

/** The same to the thread of this number. @return also -ESRCH: there is no such thread */
long posix_signal_send_to_number(int tid, ax_posix_thread_t *self, posix_signal_t *signal);

/** Call @p act for the thread of this number, 0: the caller, with the list of threads locked.
 *  @return what it returns, -EINVAL for a negative number, or -ESRCH: there is no such thread */
long posix_with_thread(int tid, long (*act)(ax_posix_thread_t *thread, void *argument), void *argument);

/** Take back an `own` signal that may be queued. */
void posix_signal_withdraw(posix_signal_t *signal);

/** Run the caller's handlers for what is pending and not blocked. */
ax_posix_interruption_t posix_signals_deliver(void);

/** Take one of the signals in @p set, which the caller or the process has pending; its number, or 0. */
int posix_signal_take(uint64_t set, struct ax_siginfo *info);

/** Whether a wait of the caller should not begin: a signal is to be delivered, or it is to be cancelled. */
bool posix_is_interrupted(void);

/** Set the caller's mask; another thread gets the process's signals that it now blocks. */
void posix_set_mask(uint64_t mask);

/** Set what the caller takes by posix_signal_take() soon, so that it is told of it. */
void posix_wait_for(uint64_t set);

/** The caller runs on its alternate stack. */
bool posix_is_on_alternate_stack(void);

/** The caller has touched memory that it must not (fault.c): its handler runs for @p number, or the image ends. */
void posix_signal_fault(int number, int code, const void *address);

/** Whether there is a handler for signals that tell of it. Any context. */
bool posix_handles_faults(void);

/** From now on faults are signals. */
void posix_faults_begin(void);

/** The action of @p number: changes it unless @p action is NULL. */
struct ax_sigaction posix_signal_action(int number, const struct ax_sigaction *action);

/** Signals pending for the caller. */
uint64_t posix_pending_signals(void);
