/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the PL031: its section 3.3.1, data register RTCDR. */
#include <rtc_pl031/rtc_pl031.h>

#define REG_DATA 0x000u

uint64_t rtc_pl031_seconds(uintptr_t base)
{
	return *(volatile const uint32_t *)(base + REG_DATA);
}
