/* SPDX-License-Identifier: Apache-2.0 */
/* The real-time clock is a PL031. Feature `clock_pl031`. */
#include <axhal/time.h>
#include <rtc_pl031/rtc_pl031.h>
#include "machine_tree.h"
#include "rtc.h"

uint64_t axhal_rtc_ns(void)
{
	uintptr_t base = axhal_tree_map(TREE_RTC, 0);
	return base ? rtc_pl031_seconds(base) * AX_NS_PER_SEC : 0;
}
