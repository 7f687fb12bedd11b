/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes that inherit priorities, on any number of CPUs. Their word is never 0, nor the owner alone, so the short ways in
 * and out fail (mutex_paths.h), and the long ones turn off here. All else that it says is who the owner is.
 */
#pragma once

#include <axsync/mutex.h>

#if AXSYNC_FEATURE_INHERIT

static inline bool mutex_inherits(const ax_mutex_t *mutex)
{
	return __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) & AX_MUTEX_INHERITS;
}

bool ax_mutex_try_inheriting(ax_mutex_t *mutex);
ax_err_t ax_mutex_lock_inheriting(ax_mutex_t *mutex, uint64_t deadline_ns, bool interruptible);
void ax_mutex_unlock_inheriting(ax_mutex_t *mutex);

/** See ax_mutex_requeue(). */
void ax_mutex_requeue_inheriting(ax_mutex_t *mutex, irq_state_t state, ax_thread_t *threads);

#else

static inline bool mutex_inherits([[maybe_unused]] const ax_mutex_t *mutex)
{
	return false;
}

static inline bool ax_mutex_try_inheriting([[maybe_unused]] ax_mutex_t *mutex)
{
	return false;
}

static inline ax_err_t ax_mutex_lock_inheriting([[maybe_unused]] ax_mutex_t *mutex, [[maybe_unused]] uint64_t deadline_ns,
				       [[maybe_unused]] bool interruptible)
{
	return AX_ERR_NOT_SUPPORTED;
}

static inline void ax_mutex_unlock_inheriting([[maybe_unused]] ax_mutex_t *mutex)
{
}

static inline void ax_mutex_requeue_inheriting([[maybe_unused]] ax_mutex_t *mutex, [[maybe_unused]] irq_state_t state,
				      [[maybe_unused]] ax_thread_t *threads)
{
}

#endif
