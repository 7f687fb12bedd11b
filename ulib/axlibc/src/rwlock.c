/* SPDX-License-Identifier: Apache-2.0 */
/* Readers-writer locks. */
#include "axlibc_threads.h"
#include "axlibc_wait.h"

static ax_rwlock_t *rwlock_of(pthread_rwlock_t *lock)
{
	return (ax_rwlock_t *)lock;
}

int pthread_rwlock_init(pthread_rwlock_t *restrict lock, [[maybe_unused]] const pthread_rwlockattr_t *restrict attr)
{
	*rwlock_of(lock) = (ax_rwlock_t){};
	return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	return ax_rwlock_is_locked(rwlock_of(lock)) ? EBUSY : 0;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	(void)AXLIBC_UNINTERRUPTED(ax_rwlock_read_lock_interruptible(rwlock_of(lock), AXTASK_FOREVER));
	return 0;
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	if (ax_rwlock_is_mine(rwlock_of(lock)))
		return EDEADLK;
	(void)AXLIBC_UNINTERRUPTED(ax_rwlock_write_lock_interruptible(rwlock_of(lock), AXTASK_FOREVER));
	return 0;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return ax_rwlock_try_read_lock(rwlock_of(lock)) ? 0 : EBUSY;
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return ax_rwlock_try_write_lock(rwlock_of(lock)) ? 0 : EBUSY;
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict time)
{
	axlibc_deadline_t deadline;
	if (ax_rwlock_try_read_lock(rwlock_of(lock)))
		return 0;
	int error = axlibc_deadline(CLOCK_REALTIME, time, &deadline);
	if (error)
		return error;
	return ax_err_to_errno(AXLIBC_UNINTERRUPTED_UNTIL(
		&deadline, ax_rwlock_read_lock_interruptible(rwlock_of(lock), axlibc_deadline_ns(&deadline))));
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict time)
{
	axlibc_deadline_t deadline;
	if (ax_rwlock_try_write_lock(rwlock_of(lock)))
		return 0;
	int error = axlibc_deadline(CLOCK_REALTIME, time, &deadline);
	if (error)
		return error;
	return ax_err_to_errno(AXLIBC_UNINTERRUPTED_UNTIL(
		&deadline, ax_rwlock_write_lock_interruptible(rwlock_of(lock), axlibc_deadline_ns(&deadline))));
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	ax_rwlock_unlock(rwlock_of(lock));
	return 0;
}
