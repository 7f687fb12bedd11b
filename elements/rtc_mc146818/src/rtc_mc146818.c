/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the clock: MC146818 datasheet, "Time, Calendar and Alarm Locations" and "Update Cycle". */
#include <rtc_mc146818/rtc_mc146818.h>
#include <stdbool.h>

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
#define HOURS_AFTERNOON   0x80u /* in 12-hour mode */

#define MOST_LOOKS 10000u /* where there is no clock, all ones are read: updating for ever */

#define SECONDS_PER_DAY 86400u

typedef struct calendar {
	unsigned seconds, minutes, hours, day, month, year, century;
} calendar_t;

static calendar_t read_all(rtc_mc146818_read_t *read)
{
	return (calendar_t){
		.seconds = read(RTC_SECONDS),
		.minutes = read(RTC_MINUTES),
		.hours = read(RTC_HOURS),
		.day = read(RTC_DAY),
		.month = read(RTC_MONTH),
		.year = read(RTC_YEAR),
		.century = read(RTC_CENTURY),
	};
}

static unsigned from_bcd(unsigned value)
{
	return (value >> 4) * 10 + (value & 15);
}

/* As plain numbers, the hour of 24, the year in full. */
static calendar_t decode(calendar_t c, uint8_t status_b)
{
	bool afternoon = !(status_b & STATUS_B_24_HOURS) && (c.hours & HOURS_AFTERNOON);
	if (!(status_b & STATUS_B_24_HOURS))
		c.hours &= ~HOURS_AFTERNOON;
	if (!(status_b & STATUS_B_BINARY)) {
		unsigned *fields[] = { &c.seconds, &c.minutes, &c.hours, &c.day, &c.month, &c.year, &c.century };
		for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++)
			*fields[i] = from_bcd(*fields[i]);
	}
	if (!(status_b & STATUS_B_24_HOURS))
		c.hours = c.hours % 12 + (afternoon ? 12 : 0);
	c.year += 100 * (c.century >= 19 && c.century <= 99 ? c.century : 20);
	return c;
}

static bool is_valid(const calendar_t *c)
{
	return c->seconds <= 60 && c->minutes <= 59 && c->hours <= 23 && c->day >= 1 && c->day <= 31 && c->month >= 1 &&
	       c->month <= 12 && c->year >= 1970 && c->year <= 9999;
}

/* The proleptic Gregorian calendar, counted in years that begin in March. */
static uint64_t days_since_1970(unsigned year, unsigned month, unsigned day)
{
	unsigned y = month < 3 ? year - 1 : year;
	unsigned months_from_march = month < 3 ? month + 9 : month - 3;
	unsigned day_of_year = (153 * months_from_march + 2) / 5 + day - 1;
	/* 719,468 days lie between 0000-03-01 and 1970-01-01. */
	return (uint64_t)365 * y + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

uint64_t rtc_mc146818_seconds(rtc_mc146818_read_t *read)
{
	for (unsigned look = 0; look < MOST_LOOKS; look++) {
		if (read(RTC_STATUS_A) & STATUS_A_UPDATING)
			continue;
		calendar_t raw = read_all(read);
		if ((read(RTC_STATUS_A) & STATUS_A_UPDATING) || raw.seconds != read(RTC_SECONDS))
			continue;
		calendar_t c = decode(raw, read(RTC_STATUS_B));
		if (!is_valid(&c))
			return 0;
		return days_since_1970(c.year, c.month, c.day) * SECONDS_PER_DAY + c.hours * 3600 + c.minutes * 60 +
		       c.seconds;
	}
	return 0;
}
