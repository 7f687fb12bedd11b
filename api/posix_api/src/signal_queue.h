/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pending signals: a set, and a list of what is known about each (siginfo_t). Of the signals below AX_SIGRTMIN a set
 * holds one each, of the others as many as are sent; the lowest comes first, those of one number in the order sent
 * (POSIX.1-2017, 2.4.2). Pure lists: all with posix_signal_lock held.
 */
#pragma once

#include <posix_api/threads.h>

typedef struct posix_signal posix_signal_t;

struct posix_signal {
	posix_signal_t *next;
	int number;
	int code;       /* si_code */
	int from;       /* si_pid, or the timer's number */
	int overrun;    /* si_uid, or of a timer: expirations since it was queued */
	uint64_t value;
	bool own;       /* the memory is the sender's: it is queued once at most, and is not freed */
	ax_posix_pending_t *queued; /* where it is, or NULL */
	int missed;     /* of an `own` one: expirations that its sending stands for, less one */
	int delivered_overrun;      /* the overrun with which it was last delivered */
};

/**
 * Add @p signal: a copy, which is dropped if @p to has one below AX_SIGRTMIN already; or, if it is `own` and not
 * queued yet, itself.
 * @return 0, or -EAGAIN if it must be kept but there is no room
 */
long posix_pending_add(ax_posix_pending_t *to, posix_signal_t *signal);

/** Take one of the signals in @p set out; false if @p from has none of them. */
bool posix_pending_take(ax_posix_pending_t *from, uint64_t set, posix_signal_t *taken);

/** Drop all those of the signals in @p set. */
void posix_pending_drop(ax_posix_pending_t *from, uint64_t set);

/** Drop an `own` one, wherever it is. */
void posix_pending_withdraw(posix_signal_t *signal);

static inline uint64_t posix_signal_bit(int number)
{
	return UINT64_C(1) << (number - 1);
}
