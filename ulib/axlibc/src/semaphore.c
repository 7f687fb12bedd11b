/* SPDX-License-Identifier: Apache-2.0 */
/* Unnamed semaphores. */
#include "axlibc_threads.h"
#include "axlibc_wait.h"

#include <limits.h>

static ax_semaphore_t *semaphore_of(sem_t *semaphore)
{
	return (ax_semaphore_t *)semaphore;
}

static int fail(int error)
{
	errno = error;
	return -1;
}

int sem_init(sem_t *semaphore, [[maybe_unused]] int shared, unsigned value)
{
	if (value > SEM_VALUE_MAX)
		return fail(EINVAL);
	ax_semaphore_init(semaphore_of(semaphore), value);
	return 0;
}

int sem_destroy([[maybe_unused]] sem_t *semaphore)
{
	return 0;
}

static AX_ALWAYS_INLINE int wait_until(ax_semaphore_t *semaphore, axlibc_deadline_t deadline)
{
	ax_err_t error = AX_ERR_INTERRUPTED;
	ax_posix_wait_begin();
	if (likely(!ax_posix_cancel_is_due())) {
		while (unlikely((error = ax_semaphore_wait_interruptible(semaphore, axlibc_deadline_ns(&deadline))) ==
				AX_ERR_INTERRUPTED) ||
		       axlibc_is_early(error, &deadline))
			if (ax_posix_wait_interrupted() == AX_POSIX_EINTR)
				break;
	}
	ax_posix_wait_end();
	if (likely(error == AX_OK))
		return 0;
	const int cancelled = error == AX_ERR_INTERRUPTED ? axlibc_test_cancel() : 0;
	return fail(cancelled ? cancelled : ax_err_to_errno(error));
}

int sem_wait(sem_t *semaphore)
{
	return wait_until(semaphore_of(semaphore), AXLIBC_FOREVER);
}

int sem_trywait(sem_t *semaphore)
{
	return ax_semaphore_try_wait(semaphore_of(semaphore)) ? 0 : fail(EAGAIN);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict time)
{
	axlibc_deadline_t deadline;
	if (!axlibc_test_cancel() && ax_semaphore_try_wait(semaphore_of(semaphore)))
		return 0;
	const int error = axlibc_deadline(CLOCK_REALTIME, time, &deadline);
	return error ? fail(error) : wait_until(semaphore_of(semaphore), deadline);
}

int sem_post(sem_t *semaphore)
{
	const ax_err_t error = ax_semaphore_post(semaphore_of(semaphore));
	return error == AX_OK ? 0 : fail(ax_err_to_errno(error));
}

int sem_getvalue(sem_t *restrict semaphore, int *restrict value)
{
	*value = (int)ax_semaphore_value(semaphore_of(semaphore));
	return 0;
}
