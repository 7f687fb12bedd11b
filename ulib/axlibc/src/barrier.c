/* SPDX-License-Identifier: Apache-2.0 */
/* Barriers: the kernel's is larger than the C library's type with `smp`, so the type holds a pointer to one. */
#include "axlibc_threads.h"

#include <axsync/barrier.h>
#include <stdlib.h>

static ax_barrier_t **barrier_of(pthread_barrier_t *barrier)
{
	return (ax_barrier_t **)barrier;
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier,
			 [[maybe_unused]] const pthread_barrierattr_t *restrict attr, unsigned count)
{
	ax_barrier_t *made = calloc(1, sizeof *made);
	if (!made)
		return ENOMEM;
	const ax_err_t error = ax_barrier_init(made, count);
	if (error != AX_OK) {
		free(made);
		return ax_err_to_errno(error);
	}
	*barrier_of(barrier) = made;
	return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	free(*barrier_of(barrier));
	*barrier_of(barrier) = NULL;
	return 0;
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	return ax_barrier_wait(*barrier_of(barrier)) ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
