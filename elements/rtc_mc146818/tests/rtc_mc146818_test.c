/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <rtc_mc146818/rtc_mc146818.h>

static uint8_t s_registers[128];
static unsigned s_updating_looks;
static bool s_ticks_while_read;

static uint8_t model_read(uint8_t index)
{
	if (index == 0x0a && s_updating_looks)
		return s_updating_looks-- ? 0x80 : 0;
	if (index == 0x32 && s_ticks_while_read) {
		s_ticks_while_read = false;
		s_registers[0]++;
	}
	return s_registers[index];
}

static uint8_t read_ones([[maybe_unused]] uint8_t index)
{
	return 0xff;
}

static void set(uint8_t status_b, const uint8_t fields[7])
{
	const uint8_t numbers[] = { 0x32, 9, 8, 7, 4, 2, 0 };
	memset(s_registers, 0, sizeof s_registers);
	for (size_t i = 0; i < 7; i++)
		s_registers[numbers[i]] = fields[i];
	s_registers[0x0b] = status_b;
}

TEST(rtc_mc146818_reads_decimal_digits_of_24_hours)
{
	set(0x02, (uint8_t[]){ 0x20, 0x24, 0x02, 0x29, 0x23, 0x59, 0x58 });
	CHECK_EQ(rtc_mc146818_seconds(model_read), 1709251198);
}

TEST(rtc_mc146818_reads_binary)
{
	set(0x06, (uint8_t[]){ 19, 70, 1, 2, 3, 4, 5 });
	CHECK_EQ(rtc_mc146818_seconds(model_read), 86400 + 3 * 3600 + 4 * 60 + 5);
}

TEST(rtc_mc146818_knows_noon_and_midnight_of_12_hours)
{
	set(0x00, (uint8_t[]){ 0x20, 0x00, 0x01, 0x01, 0x12, 0x00, 0x00 });
	uint64_t midnight = rtc_mc146818_seconds(model_read);
	CHECK_EQ(midnight, 946684800);
	s_registers[4] = 0x92;
	CHECK_EQ(rtc_mc146818_seconds(model_read), midnight + 12 * 3600);
	s_registers[4] = 0x81;
	CHECK_EQ(rtc_mc146818_seconds(model_read), midnight + 13 * 3600);
}

TEST(rtc_mc146818_takes_this_century_where_there_is_no_century_byte)
{
	set(0x02, (uint8_t[]){ 0xff, 0x25, 0x01, 0x01, 0x00, 0x00, 0x00 });
	CHECK_EQ(rtc_mc146818_seconds(model_read), 1735689600);
}

TEST(rtc_mc146818_waits_for_an_update_to_end)
{
	set(0x06, (uint8_t[]){ 20, 25, 1, 1, 0, 0, 0 });
	s_updating_looks = 20;
	CHECK_EQ(rtc_mc146818_seconds(model_read), 1735689600);
}

TEST(rtc_mc146818_reads_again_when_the_second_changed_meanwhile)
{
	set(0x06, (uint8_t[]){ 20, 25, 1, 1, 0, 0, 0 });
	s_ticks_while_read = true;
	CHECK_EQ(rtc_mc146818_seconds(model_read), 1735689601);
}

TEST(rtc_mc146818_says_0_without_a_clock_or_a_time)
{
	CHECK_EQ(rtc_mc146818_seconds(read_ones), 0);
	set(0x06, (uint8_t[]){ 20, 25, 13, 1, 0, 0, 0 });
	CHECK_EQ(rtc_mc146818_seconds(model_read), 0);
}
