/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks and sleeping. The one program's CPU time is the time since boot. */
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <posix_api/syscalls.h>
#include <stdbool.h>

enum { CLOCK_TICKS_PER_SEC = 100 }; /* sysconf(_SC_CLK_TCK) */

static struct ax_timespec to_timespec(uint64_t ns)
{
	return (struct ax_timespec){ (int64_t)(ns / AX_NS_PER_SEC), (int64_t)(ns % AX_NS_PER_SEC) };
}

static struct ax_timeval to_timeval(uint64_t ns)
{
	return (struct ax_timeval){ (int64_t)(ns / AX_NS_PER_SEC), (int64_t)(ns % AX_NS_PER_SEC / 1000) };
}

static bool read_clock(int clock, uint64_t *ns)
{
	switch (clock) {
	case AX_CLOCK_REALTIME:
	case AX_CLOCK_REALTIME_COARSE:
		*ns = axhal_wall_ns();
		return true;
	case AX_CLOCK_MONOTONIC:
	case AX_CLOCK_MONOTONIC_RAW:
	case AX_CLOCK_MONOTONIC_COARSE:
	case AX_CLOCK_BOOTTIME:
	case AX_CLOCK_PROCESS_CPUTIME:
	case AX_CLOCK_THREAD_CPUTIME:
		*ns = axhal_now_ns();
		return true;
	default:
		return false;
	}
}

long ax_sys_clock_gettime(int clock, struct ax_timespec *time)
{
	uint64_t ns;
	if (!read_clock(clock, &ns))
		return -AX_ERR_INVALID_INPUT;
	*time = to_timespec(ns);
	return 0;
}

long ax_sys_clock_getres(int clock, struct ax_timespec *resolution)
{
	uint64_t ns;
	if (!read_clock(clock, &ns))
		return -AX_ERR_INVALID_INPUT;
	if (resolution)
		*resolution = (struct ax_timespec){ 0, 1 };
	return 0;
}

/* A time too far off for 64 bits of nanoseconds (584 years) is as good as never. */
static bool to_ns(const struct ax_timespec *time, uint64_t *ns)
{
	if (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec >= (int64_t)AX_NS_PER_SEC)
		return false;
	if (__builtin_mul_overflow((uint64_t)time->tv_sec, AX_NS_PER_SEC, ns) ||
	    __builtin_add_overflow(*ns, (uint64_t)time->tv_nsec, ns))
		*ns = UINT64_MAX;
	return true;
}

static uint64_t add_saturating(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

/* Sleeps are never cut short: there are no signal handlers that could. So nothing is ever `left`. */
long ax_sys_clock_nanosleep(int clock, int flags, const struct ax_timespec *time,
			    [[maybe_unused]] struct ax_timespec *left)
{
	uint64_t ns, now;
	if (!to_ns(time, &ns) || clock == AX_CLOCK_THREAD_CPUTIME || !read_clock(clock, &now))
		return -AX_ERR_INVALID_INPUT;
	if (flags & AX_TIMER_ABSTIME) {
		if (ns <= now)
			return 0;
		ns -= now;
	}
	posix_sleep_until(add_saturating(axhal_now_ns(), ns));
	return 0;
}

long ax_sys_nanosleep(const struct ax_timespec *time, struct ax_timespec *left)
{
	return ax_sys_clock_nanosleep(AX_CLOCK_MONOTONIC, 0, time, left);
}

long ax_sys_gettimeofday(struct ax_timeval *time, [[maybe_unused]] void *zone)
{
	if (time)
		*time = to_timeval(axhal_wall_ns());
	return 0;
}

long ax_sys_times(struct ax_tms *times)
{
	const int64_t ticks = (int64_t)(axhal_now_ns() / (AX_NS_PER_SEC / CLOCK_TICKS_PER_SEC));
	if (times)
		*times = (struct ax_tms){ .tms_utime = ticks };
	return ticks;
}

long ax_sys_getrusage([[maybe_unused]] int who, struct ax_rusage *usage)
{
	*usage = (struct ax_rusage){ .ru_utime = to_timeval(axhal_now_ns()) };
	return 0;
}
