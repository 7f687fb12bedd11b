/* SPDX-License-Identifier: Apache-2.0 */
/* Error-checking mutex: whether the caller is the owner nobody else can change. */
#include <axsync/checked_mutex.h>

ax_err_t ax_checked_mutex_lock(ax_checked_mutex_t *self)
{
	return ax_checked_mutex_lock_until(self, AXTASK_FOREVER);
}

ax_err_t ax_checked_mutex_lock_until(ax_checked_mutex_t *self, uint64_t deadline_ns)
{
	if (ax_mutex_is_mine(&self->mutex))
		return AX_ERR_DEADLOCK;
	return ax_mutex_lock_until(&self->mutex, deadline_ns);
}

ax_err_t ax_checked_mutex_lock_interruptible(ax_checked_mutex_t *self, uint64_t deadline_ns)
{
	if (ax_mutex_is_mine(&self->mutex))
		return AX_ERR_DEADLOCK;
	return ax_mutex_lock_interruptible(&self->mutex, deadline_ns);
}

bool ax_checked_mutex_try_lock(ax_checked_mutex_t *self)
{
	return ax_mutex_try_lock(&self->mutex);
}

ax_err_t ax_checked_mutex_unlock(ax_checked_mutex_t *self)
{
	if (!ax_mutex_is_mine(&self->mutex))
		return AX_ERR_NOT_PERMITTED;
	ax_mutex_unlock(&self->mutex);
	return AX_OK;
}
