/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wait queues: what every lock and event is made of. All zero bytes are an empty queue, so an object that holds
 * one needs no constructor. The queue's lock also protects the condition that its owner waits for:
 *
 *	irq_state_t state = ax_wait_queue_lock(&queue);
 *	while (!condition && error == AX_OK)
 *		error = ax_wait_queue_sleep(&queue, deadline_ns);
 *	... the condition holds, the lock is held ...
 *	ax_wait_queue_unlock(&queue, state);
 *
 * Waiters are woken first come, first served. Wakers may be interrupt handlers.
 */
#pragma once

#include <axtask/axtask.h>
#include <kernel_guard/kernel_guard.h>
#include <spinlock/spinlock.h>

#pragma GCC visibility push(default)

typedef struct ax_wait_queue {
	ax_thread_t *first, *last;
	irq_spinlock_t lock; /* protects both, and what the owner of the queue puts under it; innermost but for the
				run queue's */
} ax_wait_queue_t;

static inline irq_state_t ax_wait_queue_lock(ax_wait_queue_t *queue)
{
	return spin_lock_irq(&queue->lock);
}

static inline void ax_wait_queue_unlock(ax_wait_queue_t *queue, irq_state_t state)
{
	spin_unlock_irq(&queue->lock, state);
}

/** Whether nobody waits. Lock held. */
static inline bool ax_wait_queue_is_empty(const ax_wait_queue_t *queue)
{
	return !queue->first;
}

/**
 * Append the caller to the queue, release the lock and sleep until woken; returns with interrupts masked and preemption
 * disabled still, as the lock had them. What the functions below are made of. Lock held, thread context.
 * @param deadline_ns    of axhal_now_ns(); AXTASK_FOREVER: none
 * @param interruptible  axtask_notify() ends the wait too
 * @retval AX_ERR_TIMED_OUT    the deadline passed first
 * @retval AX_ERR_INTERRUPTED  the thread was notified, before or during the wait; the notice is still to be taken
 */
ax_err_t ax_wait_queue_block(ax_wait_queue_t *queue, uint64_t deadline_ns, bool interruptible);

/** The same, but in front of all who wait: for a thread that was woken for something that then was gone. */
ax_err_t ax_wait_queue_block_first(ax_wait_queue_t *queue, uint64_t deadline_ns, bool interruptible);

/**
 * As ax_wait_queue_block(), but calls action(argument) between letting go of the lock and sleeping. The thread may be woken
 * before it, and by it. It must not sleep.
 */
ax_err_t ax_wait_queue_do_and_block(ax_wait_queue_t *queue, void (*action)(void *argument), void *argument,
				    uint64_t deadline_ns, bool interruptible);

/** After these: interrupts go back to @p state, which ax_wait_queue_lock() returned, and preemption too. */
static inline void ax_wait_queue_leave(irq_state_t state)
{
	irq_restore(state);
	preempt_enable();
}

/**
 * Release the lock, sleep until woken, take the lock again. The queue must live until then: for queues that their waiters
 * may outlive, ax_wait_queue_unlock_and_sleep(). Errors as above.
 */
static inline ax_err_t ax_wait_queue_sleep(ax_wait_queue_t *queue, uint64_t deadline_ns)
{
	ax_err_t error = ax_wait_queue_block(queue, deadline_ns, false);
	spin_raw_lock(&queue->lock.raw);
	return error;
}

/** The same, interruptible. */
static inline ax_err_t ax_wait_queue_sleep_interruptible(ax_wait_queue_t *queue, uint64_t deadline_ns)
{
	ax_err_t error = ax_wait_queue_block(queue, deadline_ns, true);
	spin_raw_lock(&queue->lock.raw);
	return error;
}

/**
 * Release the lock, sleep until woken, restore interrupts to @p state. The queue is not touched after the wake-up: for
 * owners that hand over what was waited for, after which nothing is left to look at. Errors as above.
 */
static inline ax_err_t ax_wait_queue_unlock_and_sleep(ax_wait_queue_t *queue, irq_state_t state, uint64_t deadline_ns)
{
	ax_err_t error = ax_wait_queue_block(queue, deadline_ns, false);
	ax_wait_queue_leave(state);
	return error;
}

/** The same, interruptible. */
static inline ax_err_t ax_wait_queue_unlock_and_sleep_interruptible(ax_wait_queue_t *queue, irq_state_t state,
								    uint64_t deadline_ns)
{
	ax_err_t error = ax_wait_queue_block(queue, deadline_ns, true);
	ax_wait_queue_leave(state);
	return error;
}

/** Either of them. */
typedef ax_err_t ax_wait_queue_sleep_t(ax_wait_queue_t *queue, irq_state_t state, uint64_t deadline_ns);

/**
 * Take the thread that has waited longest out of the queue; NULL if none waits. It sleeps until handed to
 * ax_wait_queue_unlock_and_wake(). Lock held; with feature `smp` it may be let go and taken again meanwhile, if
 * a deadline passes just then.
 */
ax_thread_t *ax_wait_queue_take_one(ax_wait_queue_t *queue);

/** Take all: a chain of threads in the order of their coming, or NULL. As above. */
ax_thread_t *ax_wait_queue_take_all(ax_wait_queue_t *queue);

/** The same, but the lock is never let go: threads stay whose deadline or notice came first; they are about to leave. */
ax_thread_t *ax_wait_queue_take_waiting(ax_wait_queue_t *queue);

/** The one after @p thread in such a chain, or NULL. */
ax_thread_t *ax_wait_queue_next_taken(const ax_thread_t *thread);

/** End the chain behind @p thread; returns what was there, or NULL. */
ax_thread_t *ax_wait_queue_cut_taken(ax_thread_t *thread);

/**
 * Let the chain @p threads (NULL: nobody), taken out of another queue, go on waiting in this one, behind all others: they sleep
 * on as they did there, but have got what they waited for, so neither deadline nor notice ends it. Lock held, any context.
 */
void ax_wait_queue_add_taken(ax_wait_queue_t *queue, ax_thread_t *threads);

/**
 * Release the lock, make the chain @p threads (NULL: nobody) runnable, restore interrupts to @p state. The queue is
 * not touched once the first of them is runnable: any of them may destroy it. Lock held, any context.
 */
void ax_wait_queue_unlock_and_wake(ax_wait_queue_t *queue, irq_state_t state, ax_thread_t *threads);

/** Make the thread that has waited longest runnable; returns it, or NULL if none waits. Lock held, any context; for
 *  queues that no waiter destroys. The thread may have run and ended already: the pointer only tells it from others. */
ax_thread_t *ax_wait_queue_wake_one(ax_wait_queue_t *queue);

/** Make all that wait runnable; returns how many. As above. */
size_t ax_wait_queue_wake_all(ax_wait_queue_t *queue);

#pragma GCC visibility pop
