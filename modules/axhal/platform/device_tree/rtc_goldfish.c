/* SPDX-License-Identifier: Apache-2.0 */
/* The real-time clock is a Goldfish. Feature `clock_goldfish`. */
#include <rtc_goldfish/rtc_goldfish.h>
#include "machine_tree.h"
#include "rtc.h"

uint64_t axhal_rtc_ns(void)
{
	uintptr_t base = axhal_tree_map(TREE_RTC, 0);
	return base ? rtc_goldfish_ns(base) : 0;
}
