/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar time: the PC's real-time clock, behind an index and a data port, read when first asked for. */
#include <axhal/time.h>
#include <rtc_mc146818/rtc_mc146818.h>
#include "../../arch/x86_64/registers.h"

#define PORT_INDEX 0x70
#define PORT_DATA  0x71

static uint8_t read_rtc(uint8_t index)
{
	port_write8(PORT_INDEX, index);
	return port_read8(PORT_DATA);
}

uint64_t axhal_wall_ns(void)
{
	/* At nanosecond 0 of axhal_now_ns(). Two first callers would find the same, to the clock's one second. */
	static uint64_t s_boot_ns;
	if (!s_boot_ns)
		s_boot_ns = rtc_mc146818_seconds(read_rtc) * AX_NS_PER_SEC - axhal_now_ns();
	return s_boot_ns + axhal_now_ns();
}
