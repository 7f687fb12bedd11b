/* SPDX-License-Identifier: Apache-2.0 */
/* The cycle counter's rate by the 8254 timer's channel 2 (Intel 8254 datasheet; its gate is at port 0x61). */
#include <base/base.h>
#include <panic/panic.h>
#include "../../arch/x86_64/clock.h"
#include "../../arch/x86_64/registers.h"

#define PIT_HZ          1193182u
#define PORT_CHANNEL_2  0x42
#define PORT_CONTROL    0x43
#define PORT_SYSTEM_B   0x61
#define SYSTEM_B_GATE   0x01u
#define SYSTEM_B_SPEAK  0x02u
#define CONTROL_COUNT   0xb0u /* channel 2, both bytes, mode 0: count down once */
#define CONTROL_LATCH   0x80u

#define CONTROL_STATUS  0xe8u /* read back: the next read of channel 2 is its status */
#define STATUS_OUTPUT   0x80u /* it has counted down */

/*
 * Both ends are the mean of a group of readings, so that the counter's coarse step averages out; a reading that took
 * long (the host ran something else meanwhile) does not count.
 */
#define GROUP_READINGS 32u
#define MOST_READINGS  100000u
#define MOST_TRIES     16u /* the counter runs out in 55 ms, which a busy host may take from us */
#define SECOND_GROUP_TICKS (PIT_HZ / 1000 * 17 / 10) /* 1.7 ms after the start */

typedef struct reading {
	uint64_t cycles; /* when */
	uint64_t width;  /* for how many cycles the counter may have been read */
	unsigned ticks;  /* since the start */
} reading_t;

typedef struct group {
	uint64_t cycles, ticks; /* sums */
} group_t;

static reading_t read_counter(void)
{
	uint64_t before = tsc_read();
	port_write8(PORT_CONTROL, CONTROL_LATCH);
	uint64_t width = tsc_read() - before;
	unsigned low = port_read8(PORT_CHANNEL_2);
	return (reading_t){ before + width / 2, width, 0xffff - (low | (unsigned)port_read8(PORT_CHANNEL_2) << 8) };
}

static group_t read_group(uint64_t start_cycles, uint64_t most_width)
{
	group_t group = { 0, 0 };
	unsigned taken = 0;
	for (unsigned rejected = 0; taken < GROUP_READINGS;) {
		reading_t reading = read_counter();
		if (reading.width > most_width) {
			if (++rejected % GROUP_READINGS == 0)
				most_width *= 2;
			continue;
		}
		group.cycles += reading.cycles - start_cycles;
		group.ticks += reading.ticks;
		taken++;
	}
	return group;
}

/* 0 if the counter stands still or has run out. */
static uint64_t measure_once(void)
{
	port_write8(PORT_CONTROL, CONTROL_COUNT);
	port_write8(PORT_CHANNEL_2, 0xff);
	port_write8(PORT_CHANNEL_2, 0xff);
	reading_t reading = read_counter();
	uint64_t start_cycles = reading.cycles, least_width = reading.width;
	for (unsigned i = 0; i < GROUP_READINGS / 2; i++)
		least_width = AX_MIN(least_width, read_counter().width);
	group_t first = read_group(start_cycles, 2 * least_width);
	for (unsigned i = 0; i < MOST_READINGS && reading.ticks < SECOND_GROUP_TICKS; i++)
		reading = read_counter();
	group_t second = read_group(start_cycles, 2 * least_width);
	port_write8(PORT_CONTROL, CONTROL_STATUS);
	if (second.ticks <= first.ticks || (port_read8(PORT_CHANNEL_2) & STATUS_OUTPUT))
		return 0;
	return (second.cycles - first.cycles) * PIT_HZ / (second.ticks - first.ticks);
}

uint64_t axhal_measure_cycles_hz(void)
{
	uint8_t system_b = port_read8(PORT_SYSTEM_B);
	uint64_t hz = 0;
	port_write8(PORT_SYSTEM_B, (uint8_t)((system_b & ~SYSTEM_B_SPEAK) | SYSTEM_B_GATE));
	for (unsigned tries = 0; !hz && tries < MOST_TRIES; tries++)
		hz = measure_once();
	port_write8(PORT_SYSTEM_B, system_b);
	if (!hz)
		PANIC("the clock has no known rate, and no 8254 timer measures it");
	return hz;
}
