/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar time: the PC's real-time clock, behind an index and a data port, read when first asked for. */
#include <axhal/time.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <lazy_init/lazy_init.h>
#include <rtc_mc146818/rtc_mc146818.h>
#include "../../arch/x86_64/registers.h"

#define PORT_INDEX 0x70
#define PORT_DATA  0x71

static lazy_init_t s_read = LAZY_INIT;
static uint64_t s_boot_ns; /* at nanosecond 0 of axhal_now_ns(); once s_read is done */

static uint8_t read_rtc(uint8_t index)
{
	port_write8(PORT_INDEX, index);
	return port_read8(PORT_DATA);
}

/* Whoever comes in between would move the index. A handler may ask for the time as well. */
static void read_once(void)
{
	IRQ_GUARD();
	if (!lazy_init_begin(&s_read))
		return;
	s_boot_ns = rtc_mc146818_seconds(read_rtc) * AX_NS_PER_SEC - axhal_now_ns();
	lazy_init_end(&s_read);
}

uint64_t axhal_wall_ns(void)
{
	if (unlikely(!lazy_init_is_done(&s_read)))
		read_once();
	return s_boot_ns + axhal_now_ns();
}
