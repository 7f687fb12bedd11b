/* SPDX-License-Identifier: Apache-2.0 */
/* Barriers. */
#include "axlibc_threads.h"
#include "axlibc_wait.h"

#include <axsync/barrier.h>

_Static_assert(sizeof(ax_barrier_t) <= sizeof(pthread_barrier_t), "fits");

static ax_barrier_t *barrier_of(pthread_barrier_t *barrier)
{
	return (ax_barrier_t *)barrier;
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier,
			 [[maybe_unused]] const pthread_barrierattr_t *restrict attr, unsigned count)
{
	return ax_err_to_errno(ax_barrier_init(barrier_of(barrier), count));
}

int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	ax_barrier_destroy(barrier_of(barrier));
	return 0;
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	bool last;
	(void)AXLIBC_UNINTERRUPTED(ax_barrier_wait_interruptible(barrier_of(barrier), &last));
	return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
