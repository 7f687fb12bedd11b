/* SPDX-License-Identifier: Apache-2.0 */
/* Recursive mutex: only its owner changes the depth, and only the owner can find itself to be that. */
#include <axsync/recursive_mutex.h>

static ax_err_t lock_again(ax_recursive_mutex_t *self)
{
	if (self->depth == UINT32_MAX)
		return AX_ERR_OVERFLOW;
	self->depth++;
	return AX_OK;
}

ax_err_t ax_recursive_mutex_lock(ax_recursive_mutex_t *self)
{
	return ax_recursive_mutex_lock_until(self, AXTASK_FOREVER);
}

ax_err_t ax_recursive_mutex_lock_until(ax_recursive_mutex_t *self, uint64_t deadline_ns)
{
	return ax_mutex_is_mine(&self->mutex) ? lock_again(self) : ax_mutex_lock_until(&self->mutex, deadline_ns);
}

ax_err_t ax_recursive_mutex_lock_interruptible(ax_recursive_mutex_t *self, uint64_t deadline_ns)
{
	return ax_mutex_is_mine(&self->mutex) ? lock_again(self)
					      : ax_mutex_lock_interruptible(&self->mutex, deadline_ns);
}

bool ax_recursive_mutex_try_lock(ax_recursive_mutex_t *self)
{
	return ax_mutex_is_mine(&self->mutex) ? lock_again(self) == AX_OK : ax_mutex_try_lock(&self->mutex);
}

ax_err_t ax_recursive_mutex_unlock(ax_recursive_mutex_t *self)
{
	if (!ax_mutex_is_mine(&self->mutex))
		return AX_ERR_NOT_PERMITTED;
	if (self->depth)
		self->depth--;
	else
		ax_mutex_unlock(&self->mutex);
	return AX_OK;
}
