/* SPDX-License-Identifier: Apache-2.0 */
/* Waits that signals and cancellation come into: see posix_api/threads.h. */
#pragma once

#include <axerrno/axerrno.h>
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
