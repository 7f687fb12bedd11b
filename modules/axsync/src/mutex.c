/* SPDX-License-Identifier: Apache-2.0 */
/* Mutex: what each call does first. How the word changes, and what else there is to do, differs with the CPUs. */
#include "mutex_paths.h"

bool ax_mutex_try_lock(ax_mutex_t *mutex)
{
	return take_free(mutex, axtask_current()) || (mutex_inherits(mutex) && ax_mutex_try_inheriting(mutex));
}

static AX_ALWAYS_INLINE ax_err_t lock(ax_mutex_t *mutex, uint64_t deadline_ns, bool interruptible)
{
	ax_thread_t *self = axtask_current();
	if (likely(take_unused(mutex, self)))
		return AX_OK;
	return lock_used(mutex, self, deadline_ns, interruptible);
}

ax_err_t ax_mutex_lock_until(ax_mutex_t *mutex, uint64_t deadline_ns)
{
	return lock(mutex, deadline_ns, false);
}

ax_err_t ax_mutex_lock_interruptible(ax_mutex_t *mutex, uint64_t deadline_ns)
{
	return lock(mutex, deadline_ns, true);
}

void ax_mutex_lock(ax_mutex_t *mutex)
{
	ax_err_t never = lock(mutex, AXTASK_FOREVER, false);
	(void)never; /* without a deadline there is nothing to fail */
}

void ax_mutex_unlock(ax_mutex_t *mutex)
{
	if (unlikely(!release_unused(mutex, axtask_current())))
		unlock_used(mutex);
}
