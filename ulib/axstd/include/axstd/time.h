/* SPDX-License-Identifier: Apache-2.0 */
/* Time for applications: nanoseconds of the monotonic clock. */
#pragma once

#include <axhal/time.h>

/** Nanoseconds since boot. Any context. */
static inline uint64_t ax_now_ns(void)
{
	return axhal_now_ns();
}

/** Nanoseconds since 1970-01-01 UTC. */
static inline uint64_t ax_wall_ns(void)
{
	return axhal_wall_ns();
}
