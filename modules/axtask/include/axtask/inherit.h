/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Priority inheritance: a thread that waits for what another has lends it its level. The other runs at the highest level
 * among its own and those lent to it, and lends that on if it waits itself (L. Sha, R. Rajkumar and J. P. Lehoczky,
 * "Priority inheritance protocols: an approach to real-time synchronization", IEEE Transactions on Computers 39(9), 1990).
 * For those who make locks: each call comes with the lock of the wait queue held that the lender is in, or is about to
 * enter or has just left. Feature `inherit`, which the scheduler `prio` comes with.
 */
#pragma once

#include <axtask/wait_queue.h>

#pragma GCC visibility push(default)

#if AXTASK_FEATURE_INHERIT

/** @p waiter, the caller or one that sleeps, waits for what @p owner has, until one of the two below. */
void axtask_inherit_lend(ax_thread_t *waiter, ax_thread_t *owner);

/** The caller has given up waiting. Without the queue's lock, interrupts masked. */
void axtask_inherit_give_up(void);

/** What @p from has now is @p to's, who waited for it and has been taken out of @p queue; who waits there still and has
 *  lent to @p from lends to @p to. */
void axtask_inherit_hand_over(ax_thread_t *from, ax_thread_t *to, ax_wait_queue_t *queue);

/** Take the thread that runs at the highest level out of the queue, of equals the one that has waited longest. All
 *  else is as with ax_wait_queue_take_one(). */
ax_thread_t *ax_wait_queue_take_highest(ax_wait_queue_t *queue);

/**
 * The caller runs at @p level at least, until it has left as often: as who holds something that has this ceiling. Needs no lock.
 * @retval AX_ERR_OUT_OF_RANGE   no such level, or entered too often
 * @retval AX_ERR_INVALID_INPUT  the caller's own level is higher
 */
ax_err_t axtask_ceiling_enter(unsigned level);
void axtask_ceiling_leave(unsigned level);

/** The level that @p thread runs at: its own (axtask_level()), or a higher one that it has been lent or has entered. A hint, unless it
 *  is the caller. */
unsigned axtask_running_level(const ax_thread_t *thread);

#endif

#pragma GCC visibility pop
