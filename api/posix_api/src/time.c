/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks and sleeping. CLOCK_REALTIME can be set. The one program's CPU time is the time since boot, or what it was set
 * to; a thread's is the same, unless the image counts it (axtask's feature `stats`).
 */
#include "signal.h"
#include "time.h"
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <posix_api/syscalls.h>

enum { CLOCK_TICKS_PER_SEC = 100 }; /* sysconf(_SC_CLK_TCK) */

struct ax_timespec posix_to_timespec(uint64_t ns)
{
	return (struct ax_timespec){ (int64_t)(ns / AX_NS_PER_SEC), (int64_t)(ns % AX_NS_PER_SEC) };
}

static struct ax_timeval to_timeval(uint64_t ns)
{
	return (struct ax_timeval){ (int64_t)(ns / AX_NS_PER_SEC), (int64_t)(ns % AX_NS_PER_SEC / 1000) };
}

static uint64_t s_wall_offset_ns; /* CLOCK_REALTIME is ahead of axhal_wall_ns() by it; atomic */
static uint64_t s_cpu_offset_ns;  /* the program's CPU-time clock is ahead of what it used by it; atomic */

uint64_t ax_posix_wall_ns(void)
{
	return axhal_wall_ns() + __atomic_load_n(&s_wall_offset_ns, __ATOMIC_RELAXED);
}

/*
 * The CPU-time clock of a process or thread has as its number (~number << 3) + 2 or 6, as in Linux. There is one process,
 * whose number is 1 and for itself also 0.
 */
static bool is_cpu_clock(int clock)
{
	return clock == AX_CLOCK_PROCESS_CPUTIME || clock == (int)(~0U << 3) + 2 || clock == (int)(~1U << 3) + 2;
}

static bool is_thread_clock(int clock)
{
	return clock == AX_CLOCK_THREAD_CPUTIME || (clock < 0 && (clock & 7) == 6);
}

static long read_thread_clock(ax_posix_thread_t *thread, void *ns)
{
	*(uint64_t *)ns = posix_run_ns(thread);
	return 0;
}

long ax_sys_clock_settime(int clock, const struct ax_timespec *time)
{
	uint64_t ns;
	if (!posix_to_ns(time, &ns) || (clock != AX_CLOCK_REALTIME && !is_cpu_clock(clock)))
		return -AX_ERR_INVALID_INPUT;
	if (is_cpu_clock(clock)) {
		__atomic_store_n(&s_cpu_offset_ns, ns - axhal_now_ns(), __ATOMIC_RELAXED);
		return 0;
	}
	__atomic_store_n(&s_wall_offset_ns, ns - axhal_wall_ns(), __ATOMIC_RELAXED);
	posix_timers_clock_was_set();
	posix_sleepers_clock_was_set();
	return 0;
}

static bool read_clock(int clock, uint64_t *ns)
{
	if (is_thread_clock(clock))
		return posix_with_thread(clock < 0 ? ~(clock >> 3) : 0, read_thread_clock, ns) == 0;
	if (is_cpu_clock(clock)) {
		*ns = axhal_now_ns() + __atomic_load_n(&s_cpu_offset_ns, __ATOMIC_RELAXED);
		return true;
	}
	switch (clock) {
	case AX_CLOCK_REALTIME:
	case AX_CLOCK_REALTIME_COARSE:
		*ns = ax_posix_wall_ns();
		return true;
	case AX_CLOCK_MONOTONIC:
	case AX_CLOCK_MONOTONIC_RAW:
	case AX_CLOCK_MONOTONIC_COARSE:
	case AX_CLOCK_BOOTTIME:
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
	*time = posix_to_timespec(ns);
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

bool posix_to_ns(const struct ax_timespec *time, uint64_t *ns)
{
	if (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec >= (int64_t)AX_NS_PER_SEC)
		return false;
	if (__builtin_mul_overflow((uint64_t)time->tv_sec, AX_NS_PER_SEC, ns) ||
	    __builtin_add_overflow(*ns, (uint64_t)time->tv_nsec, ns))
		*ns = UINT64_MAX;
	return true;
}

/* When a sleep ends, by axhal_now_ns(): @p ns from now, or at that time of @p clock. */
static uint64_t deadline_of(int clock, uint64_t ns, bool absolute)
{
	uint64_t now;
	if (absolute && read_clock(clock, &now))
		ns = ns > now ? ns - now : 0;
	return posix_add_saturating(axhal_now_ns(), ns);
}

/* A handler ends the sleep whatever its flags. What is left is told of a span, not of a point in time. */
long ax_sys_clock_nanosleep(int clock, int flags, const struct ax_timespec *time, struct ax_timespec *left)
{
	uint64_t ns, now;
	if (!posix_to_ns(time, &ns) || is_thread_clock(clock) || !read_clock(clock, &now))
		return -AX_ERR_INVALID_INPUT;
	const bool absolute = flags & AX_TIMER_ABSTIME;
	uint64_t deadline_ns = deadline_of(clock, ns, absolute);
	ax_posix_interruption_t interruption = AX_POSIX_NOTHING;
	ax_posix_wait_begin();
	while (interruption == AX_POSIX_NOTHING && axhal_now_ns() < deadline_ns) {
		if (posix_sleep_until(deadline_ns) == AX_ERR_INTERRUPTED)
			interruption = ax_posix_wait_interrupted();
		if (absolute) /* the clock may have been set */
			deadline_ns = deadline_of(clock, ns, true);
	}
	ax_posix_wait_end();
	if (interruption == AX_POSIX_NOTHING)
		return 0;
	now = axhal_now_ns();
	if (left && !absolute)
		*left = posix_to_timespec(deadline_ns > now ? deadline_ns - now : 0);
	return -AX_ERR_INTERRUPTED;
}

long ax_sys_nanosleep(const struct ax_timespec *time, struct ax_timespec *left)
{
	return ax_sys_clock_nanosleep(AX_CLOCK_MONOTONIC, 0, time, left);
}

long ax_sys_gettimeofday(struct ax_timeval *time, [[maybe_unused]] void *zone)
{
	if (time)
		*time = to_timeval(ax_posix_wall_ns());
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
