/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ceilings: the owner of a PTHREAD_PRIO_PROTECT mutex runs at its ceiling at least. In images without feature
 * `priority_inheritance` there is no such mutex. The ceiling stands in the mutex's tag, and in the attribute object, in the same bits
 * of both, which the C library does not use.
 */
#pragma once

#include "axlibc_threads.h"

#include <axtask/inherit.h>

enum { AXLIBC_PROTECTS = 16, AXLIBC_CEILING_SHIFT = 8, AXLIBC_CEILING_BITS = 0xff00 };

/** 0: it has none. */
static inline unsigned axlibc_ceiling(unsigned tag)
{
	return tag & AXLIBC_PROTECTS ? (tag & AXLIBC_CEILING_BITS) >> AXLIBC_CEILING_SHIFT : 0;
}

#if AXSYNC_FEATURE_INHERIT

/** Before locking. EINVAL: the caller's priority is above it. */
static inline int axlibc_ceiling_enter(unsigned ceiling)
{
	if (!ceiling)
		return 0;
	const ax_err_t error = axtask_ceiling_enter(ceiling);
	return error == AX_ERR_OUT_OF_RANGE ? EAGAIN : ax_err_to_errno(error);
}

/** After unlocking, or if it could not be locked. */
static inline void axlibc_ceiling_leave(unsigned ceiling)
{
	if (ceiling)
		axtask_ceiling_leave(ceiling);
}

#else

static inline int axlibc_ceiling_enter([[maybe_unused]] unsigned ceiling)
{
	return 0;
}

static inline void axlibc_ceiling_leave([[maybe_unused]] unsigned ceiling)
{
}

#endif
