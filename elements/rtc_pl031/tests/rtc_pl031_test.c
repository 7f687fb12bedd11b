/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <rtc_pl031/rtc_pl031.h>

TEST(rtc_pl031_seconds_are_the_data_register_unsigned)
{
	const uint32_t registers[8] = { 0xfffffff0u, 1, 2, 3 };
	CHECK_EQ(rtc_pl031_seconds((uintptr_t)registers), UINT64_C(0xfffffff0));
}
