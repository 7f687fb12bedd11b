/* SPDX-License-Identifier: Apache-2.0 */
/* Condition variables. */
#include "axlibc_threads.h"
#include "axlibc_wait.h"

static axlibc_condvar_t *condvar_of(pthread_cond_t *condvar)
{
	return (axlibc_condvar_t *)condvar;
}

int pthread_cond_init(pthread_cond_t *restrict condvar, const pthread_condattr_t *restrict attr)
{
	clockid_t clock = CLOCK_REALTIME;
	if (attr)
		pthread_condattr_getclock(attr, &clock);
	*condvar_of(condvar) = (axlibc_condvar_t){ .clock = (uint32_t)clock };
	return 0;
}

int pthread_cond_destroy([[maybe_unused]] pthread_cond_t *condvar)
{
	return 0;
}

/* A wait that was interrupted ends, as it may without a signal; so does one whose clock was set back meanwhile. */
static int result_of(ax_err_t error, const axlibc_deadline_t *deadline)
{
	if (error == AX_ERR_INTERRUPTED) {
		const int cancelled = axlibc_test_cancel();
		return cancelled || axlibc_deadline_ns(deadline) > axhal_now_ns() ? cancelled : ETIMEDOUT;
	}
	return axlibc_is_early(error, deadline) ? 0 : ax_err_to_errno(error);
}

/* A recursive mutex is given up whole and taken again as often. Handlers run while it is free. */
static AX_ALWAYS_INLINE int wait_until(axlibc_condvar_t *self, axlibc_mutex_t *mutex, axlibc_deadline_t deadline)
{
	if (unlikely(mutex->recursive.tag != PTHREAD_MUTEX_NORMAL) && !ax_mutex_is_mine(&mutex->plain))
		return EPERM;
	const bool robust = axlibc_mutex_is_robust(mutex);
	int owner_error = 0;
	ax_err_t error = AX_ERR_INTERRUPTED;
	ax_posix_wait_begin();
	if (likely(!ax_posix_cancel_is_due())) {
		const uint32_t depth = mutex->recursive.depth;
		mutex->recursive.depth = 0;
		if (unlikely(robust))
			axlibc_robust_unlocks(mutex);
		error = ax_condvar_wait_interruptible(&self->condvar, &mutex->plain, axlibc_deadline_ns(&deadline));
		if (unlikely(error == AX_ERR_INTERRUPTED))
			(void)ax_posix_wait_interrupted();
		if (unlikely(error != AX_OK))
			ax_mutex_lock(&mutex->plain);
		mutex->recursive.depth = depth;
		if (unlikely(robust))
			owner_error = axlibc_robust_locked(mutex);
	}
	ax_posix_wait_end();
	if (likely(error == AX_OK))
		return owner_error;
	const int result = result_of(error, &deadline);
	return owner_error ? owner_error : result;
}

int pthread_cond_wait(pthread_cond_t *restrict condvar, pthread_mutex_t *restrict mutex)
{
	return wait_until(condvar_of(condvar), axlibc_mutex(mutex), AXLIBC_FOREVER);
}

int pthread_cond_timedwait(pthread_cond_t *restrict condvar, pthread_mutex_t *restrict mutex,
			   const struct timespec *restrict time)
{
	axlibc_condvar_t *self = condvar_of(condvar);
	axlibc_deadline_t deadline;
	int error = axlibc_deadline((clockid_t)self->clock, time, &deadline);
	return error ? error : wait_until(self, axlibc_mutex(mutex), deadline);
}

int pthread_cond_signal(pthread_cond_t *condvar)
{
	ax_condvar_signal(&condvar_of(condvar)->condvar);
	return 0;
}

int pthread_cond_broadcast(pthread_cond_t *condvar)
{
	ax_condvar_broadcast(&condvar_of(condvar)->condvar);
	return 0;
}
