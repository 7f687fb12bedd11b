/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks and the timer by the system's counter, whose rate a register or the device tree tells. */
#include <axhal/time.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <lazy_init/lazy_init.h>
#include <panic/panic.h>
#include "cpu_setup.h"
#include "machine_tree.h"
#include "rtc.h"

static lazy_init_t s_rate_found = LAZY_INIT, s_rtc_read = LAZY_INIT;
static uint64_t s_counts_per_ns, s_ns_per_count; /* both times 2^32; once s_rate_found is done */
static uint64_t s_boot_ns;                       /* calendar time at nanosecond 0; once s_rtc_read is done */

/* dividend x 2^32 / divisor, rounded, by 64-bit arithmetic; the divisor is below 2^32. */
static uint64_t ratio(uint64_t dividend, uint64_t divisor)
{
	return (dividend / divisor << 32) + ((dividend % divisor << 32) + divisor / 2) / divisor;
}

/* A handler may ask for the time as well. */
static void find_rate(void)
{
	IRQ_GUARD();
	if (!lazy_init_begin(&s_rate_found))
		return;
	uint64_t hz = axhal_counter_hz();
	if (!hz)
		hz = axhal_tree.timebase_hz;
	if (!hz || hz >> 32)
		PANIC("the rate of the system's counter is not known");
	s_ns_per_count = ratio(AX_NS_PER_SEC, hz);
	s_counts_per_ns = ratio(hz, AX_NS_PER_SEC);
	lazy_init_end(&s_rate_found);
}

static inline void need_rate(void)
{
	if (unlikely(!lazy_init_is_done(&s_rate_found)))
		find_rate();
}

uint64_t axhal_now_ns(void)
{
	need_rate();
	return (uint64_t)((unsigned __int128)(axhal_counter() - axhal_boot_counter) * s_ns_per_count >> 32);
}

/* Rounded up, so that the clock has reached the deadline when the timer rings. */
void axhal_timer_set(uint64_t deadline_ns)
{
	need_rate();
	if (deadline_ns == UINT64_MAX) {
		axhal_timer_arm(UINT64_MAX);
		return;
	}
	unsigned __int128 counts = (((unsigned __int128)deadline_ns << 32) + s_ns_per_count - 1) / s_ns_per_count;
	unsigned __int128 most = UINT64_MAX - 1 - axhal_boot_counter;
	axhal_timer_arm(axhal_boot_counter + (uint64_t)(counts < most ? counts : most));
}

static void read_rtc_once(void)
{
	IRQ_GUARD();
	if (!lazy_init_begin(&s_rtc_read))
		return;
	s_boot_ns = axhal_rtc_ns() - axhal_now_ns();
	lazy_init_end(&s_rtc_read);
}

uint64_t axhal_wall_ns(void)
{
	if (unlikely(!lazy_init_is_done(&s_rtc_read)))
		read_rtc_once();
	return s_boot_ns + axhal_now_ns();
}
