/* SPDX-License-Identifier: Apache-2.0 */
/* Waking is claiming: of all who want to wake a thread, the one that changes its state does. Interrupts masked. */
#pragma once

#include "thread.h"

#if AXTASK_FEATURE_SMP

/** Claim a thread whose state is @p from. */
static inline bool axtask_claim_from(ax_thread_t *thread, axtask_state_t from)
{
	return __atomic_compare_exchange_n(&thread->state, &from, AXTASK_RUNNABLE, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_RELAXED);
}

/** Claim a thread that is in a wait queue or asleep. False: another was quicker. */
static inline bool axtask_claim(ax_thread_t *thread)
{
	axtask_state_t state = __atomic_load_n(&thread->state, __ATOMIC_RELAXED);
	return (state == AXTASK_WAITING || state == AXTASK_INTERRUPTIBLE) && axtask_claim_from(thread, state);
}

/** Claim one that is in a wait queue, whose lock is held. */
static inline bool axtask_claim_queued(ax_thread_t *thread)
{
	return axtask_claim(thread) || axtask_claim_from(thread, AXTASK_REQUEUED);
}

/** The caller can be claimed from here on. */
static inline void axtask_set_waiting(ax_thread_t *self, axtask_state_t state)
{
	__atomic_store_n(&self->state, state, __ATOMIC_SEQ_CST);
}

#else

static inline bool axtask_claim_from(ax_thread_t *thread, axtask_state_t from)
{
	if (thread->state != from)
		return false;
	thread->state = AXTASK_RUNNABLE;
	return true;
}

static inline bool axtask_claim(ax_thread_t *thread)
{
	if (thread->state != AXTASK_WAITING && thread->state != AXTASK_INTERRUPTIBLE)
		return false;
	thread->state = AXTASK_RUNNABLE;
	return true;
}

/* Whoever claims takes it out before another can look. */
static inline bool axtask_claim_queued(ax_thread_t *thread)
{
	thread->state = AXTASK_RUNNABLE;
	return true;
}

static inline void axtask_set_waiting(ax_thread_t *self, axtask_state_t state)
{
	self->state = state;
}

#endif
