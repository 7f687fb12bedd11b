/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the Goldfish clock: low half first. */
#include <rtc_goldfish/rtc_goldfish.h>

#define REG_TIME_LOW  0x00u
#define REG_TIME_HIGH 0x04u

uint64_t rtc_goldfish_ns(uintptr_t base)
{
	uint64_t low = *(volatile const uint32_t *)(base + REG_TIME_LOW);
	return (uint64_t)*(volatile const uint32_t *)(base + REG_TIME_HIGH) << 32 | low;
}
