/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes of the three types, and spin locks, which on a busy CPU let others run. Robust ones are not supported. */
#include "axlibc_threads.h"
#include "axlibc_wait.h"

#include <base/base.h>
#include <stdatomic.h>

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attr)
{
	int type = PTHREAD_MUTEX_NORMAL;
	if (attr)
		pthread_mutexattr_gettype(attr, &type);
	*axlibc_mutex(mutex) = (axlibc_mutex_t){ .type = (uint32_t)type };
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return ax_mutex_owner(&axlibc_mutex(mutex)->mutex) ? EBUSY : 0;
}

/* What a recursive or error-checking mutex does when its owner locks it again; 0: it is not its owner. */
static int lock_again(axlibc_mutex_t *self, bool *done)
{
	*done = self->type != PTHREAD_MUTEX_NORMAL && ax_mutex_is_mine(&self->mutex);
	if (!*done)
		return 0;
	if (self->type == PTHREAD_MUTEX_ERRORCHECK)
		return EDEADLK;
	if (self->recursion == UINT32_MAX)
		return EAGAIN;
	self->recursion++;
	return 0;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);

	if (unlikely(self->type != PTHREAD_MUTEX_NORMAL)) {
		bool done;
		int error = lock_again(self, &done);
		if (done)
			return error;
	}
	(void)AXLIBC_UNINTERRUPTED(ax_mutex_lock_interruptible(&self->mutex, AXTASK_FOREVER));
	return 0;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);

	if (self->type == PTHREAD_MUTEX_RECURSIVE) {
		bool done;
		int error = lock_again(self, &done);
		if (done)
			return error;
	}
	return ax_mutex_try_lock(&self->mutex) ? 0 : EBUSY;
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict time)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);
	uint64_t deadline_ns;
	bool done;

	int error = lock_again(self, &done);
	if (done)
		return error;
	if (ax_mutex_try_lock(&self->mutex))
		return 0;
	error = axlibc_deadline(CLOCK_REALTIME, time, &deadline_ns);
	if (error)
		return error;
	return ax_err_to_errno(AXLIBC_UNINTERRUPTED(ax_mutex_lock_interruptible(&self->mutex, deadline_ns)));
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);

	if (unlikely(self->type != PTHREAD_MUTEX_NORMAL)) {
		if (!ax_mutex_is_mine(&self->mutex))
			return EPERM;
		if (self->recursion) {
			self->recursion--;
			return 0;
		}
	}
	ax_mutex_unlock(&self->mutex);
	return 0;
}

int pthread_mutex_consistent([[maybe_unused]] pthread_mutex_t *mutex)
{
	return EINVAL;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		sched_yield();
	return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	return 0;
}
