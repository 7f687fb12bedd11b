/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <rtc_goldfish/rtc_goldfish.h>

TEST(rtc_goldfish_ns_are_both_halves)
{
	const uint32_t registers[8] = { 0x89abcdefu, 0x01234567u };
	CHECK_EQ(rtc_goldfish_ns((uintptr_t)registers), UINT64_C(0x0123456789abcdef));
}
