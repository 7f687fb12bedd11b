/* SPDX-License-Identifier: Apache-2.0 */
/* Barriers. */
#include "axlibc_threads.h"

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

int pthread_barrier_destroy([[maybe_unused]] pthread_barrier_t *barrier)
{
	return 0;
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	return ax_barrier_wait(barrier_of(barrier)) ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
