/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar time from the MC146818 real-time clock (Motorola datasheet; the century byte is the PC's). */
#include <axhal/time.h>
#include <stdbool.h>
#include <stdint.h>
#include "../../arch/x86_64/registers.h"
#include "calendar.h"

#define PORT_INDEX 0x70
#define PORT_DATA  0x71

enum {
	RTC_SECONDS = 0x00,
	RTC_MINUTES = 0x02,
	RTC_HOURS = 0x04,
	RTC_DAY = 0x07,
	RTC_MONTH = 0x08,
	RTC_YEAR = 0x09,
	RTC_STATUS_A = 0x0a,
	RTC_STATUS_B = 0x0b,
	RTC_CENTURY = 0x32,
};

#define STATUS_A_UPDATING 0x80u
#define STATUS_B_24_HOURS 0x02u
#define STATUS_B_BINARY   0x04u
#define HOURS_PM          0x80u

#define MOST_LOOKS 100000u /* an update takes 2 ms; no clock reads as all ones, always updating */

static uint8_t read_rtc(uint8_t index)
{
	port_write8(PORT_INDEX, index);
	return port_read8(PORT_DATA);
}

static rtc_registers_t read_all(void)
{
	return (rtc_registers_t){
		.seconds = read_rtc(RTC_SECONDS),
		.minutes = read_rtc(RTC_MINUTES),
		.hours = read_rtc(RTC_HOURS),
		.day = read_rtc(RTC_DAY),
		.month = read_rtc(RTC_MONTH),
		.year = read_rtc(RTC_YEAR),
		.century = read_rtc(RTC_CENTURY),
	};
}

/* Seconds since 1970, or 0 if there is no clock. */
static uint64_t read_calendar(void)
{
	for (unsigned look = 0; look < MOST_LOOKS; look++) {
		if (read_rtc(RTC_STATUS_A) & STATUS_A_UPDATING)
			continue;
		rtc_registers_t registers = read_all();
		if (read_rtc(RTC_STATUS_A) & STATUS_A_UPDATING || registers.seconds != read_rtc(RTC_SECONDS))
			continue;
		uint8_t status = read_rtc(RTC_STATUS_B);
		return calendar_from_rtc(registers, status & STATUS_B_BINARY, status & STATUS_B_24_HOURS);
	}
	return 0;
}

uint64_t axhal_wall_ns(void)
{
	/* At nanosecond 0 of axhal_now_ns(). Two first callers would find the same, to the clock's one second. */
	static uint64_t s_boot_ns;
	if (!s_boot_ns)
		s_boot_ns = read_calendar() * AX_NS_PER_SEC - axhal_now_ns();
	return s_boot_ns + axhal_now_ns();
}
