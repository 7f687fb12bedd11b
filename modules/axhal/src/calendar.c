/* SPDX-License-Identifier: Apache-2.0 */
/* Days from civil dates: the proleptic Gregorian calendar counted in years that begin in March. */
#include "calendar.h"

#define SECONDS_PER_DAY 86400u

static unsigned from_bcd(unsigned value)
{
	return (value >> 4) * 10 + (value & 15);
}

static uint64_t days_since_1970(unsigned year, unsigned month, unsigned day)
{
	unsigned y = month < 3 ? year - 1 : year;
	unsigned months_from_march = month < 3 ? month + 9 : month - 3;
	unsigned day_of_year = (153 * months_from_march + 2) / 5 + day - 1;
	/* 719,468 days lie between 0000-03-01 and 1970-01-01. */
	return (uint64_t)365 * y + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

uint64_t calendar_from_rtc(rtc_registers_t r, bool binary, bool hours_24)
{
	bool afternoon = !hours_24 && (r.hours & 0x80);
	unsigned seconds = r.seconds, minutes = r.minutes, hours = r.hours & (hours_24 ? 0xff : 0x7f);
	unsigned day = r.day, month = r.month, year = r.year, century = r.century;
	if (!binary) {
		seconds = from_bcd(seconds);
		minutes = from_bcd(minutes);
		hours = from_bcd(hours);
		day = from_bcd(day);
		month = from_bcd(month);
		year = from_bcd(year);
		century = from_bcd(century);
	}
	if (!hours_24)
		hours = hours % 12 + (afternoon ? 12 : 0);
	if (century < 19 || century > 99)
		century = 20;
	if (seconds > 60 || minutes > 59 || hours > 23 || day < 1 || day > 31 || month < 1 || month > 12 || year > 99)
		return 0;
	year += 100 * century;
	if (year < 1970)
		return 0;
	return days_since_1970(year, month, day) * SECONDS_PER_DAY + hours * 3600 + minutes * 60 + seconds;
}
