/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clocks are the host's. The kernel lends each process a function that reads them without a system call, in an
 * ELF image of its own, the vDSO; it is looked up at the first use, so that a program that reads no clock does not pay.
 */
#include <axhal/time.h>
#include "linux.h"

typedef int clock_gettime_t(int clock, struct linux_timespec *now);

static const void *s_vdso;
static clock_gettime_t find_clock;
static clock_gettime_t *s_clock = find_clock;
uint64_t axhal_linux_boot_ns;

static int call_kernel(int clock, struct linux_timespec *now)
{
	return (int)axhal_linux_clock_gettime(clock, now);
}

static int find_clock(int clock, struct linux_timespec *now)
{
	clock_gettime_t *found = NULL;
	if (s_vdso)
		found = (clock_gettime_t *)axhal_linux_vdso_find(s_vdso, LINUX_VDSO_CLOCK_GETTIME);
	__atomic_store_n(&s_clock, found ? found : call_kernel, __ATOMIC_RELAXED);
	return s_clock(clock, now);
}

static uint64_t to_ns(const struct linux_timespec *time)
{
	return (uint64_t)time->sec * AX_NS_PER_SEC + (uint64_t)time->nsec;
}

void axhal_linux_time_init(const void *vdso)
{
	struct linux_timespec now = {};
	s_vdso = vdso;
	axhal_linux_clock_gettime(LINUX_CLOCK_MONOTONIC, &now);
	axhal_linux_boot_ns = to_ns(&now);
}

uint64_t axhal_now_ns(void)
{
	struct linux_timespec now;
	__atomic_load_n(&s_clock, __ATOMIC_RELAXED)(LINUX_CLOCK_MONOTONIC, &now);
	return to_ns(&now) - axhal_linux_boot_ns;
}

uint64_t axhal_wall_ns(void)
{
	struct linux_timespec now;
	__atomic_load_n(&s_clock, __ATOMIC_RELAXED)(LINUX_CLOCK_REALTIME, &now);
	return to_ns(&now);
}
