/* SPDX-License-Identifier: Apache-2.0 */
/* Waits that signals and cancellation come into: see posix_api/threads.h. */
#pragma once

#include <axerrno/axerrno.h>
#include <axtask/axtask.h>
#include <base/base.h>
#include <musl_port.h>
#include <posix_api/threads.h>

/** At a cancellation point: the caller ends if its cancellation is due. ECANCELED if it is PTHREAD_CANCEL_MASKED, else 0. */
static inline int axlibc_test_cancel(void)
{
	return unlikely(ax_posix_cancel_is_due()) ? musl_port_cancel() : 0;
}

/** Do @p lock, an expression, until it succeeds or fails; handlers for signals run meanwhile. For what never fails with
 *  EINTR and is no cancellation point. */
#define AXLIBC_UNINTERRUPTED(lock)                                                                 \
	({                                                                                         \
		ax_err_t error_;                                                                   \
		while (unlikely((error_ = (lock)) == AX_ERR_INTERRUPTED))                          \
			ax_posix_attend();                                                         \
		error_;                                                                            \
	})

/*
 * The same for a @p lock by axlibc_deadline_ns(@p deadline), with a @p deadline that follows its clock. Whoever sets the
 * clock notifies all threads: a notice between the look at the clock and the sleep is held, so that it ends the sleep.
 */
#define AXLIBC_UNINTERRUPTED_UNTIL(deadline, lock)                                                 \
	({                                                                                         \
		ax_err_t error_;                                                                   \
		do {                                                                               \
			ax_posix_wait_begin();                                                     \
			error_ = (lock);                                                           \
			ax_posix_wait_end();                                                       \
			if (unlikely(axtask_has_notice()))                                         \
				ax_posix_attend();                                                 \
		} while (error_ == AX_ERR_INTERRUPTED || axlibc_is_early(error_, deadline));       \
		error_;                                                                            \
	})
