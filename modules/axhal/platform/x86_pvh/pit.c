/* SPDX-License-Identifier: Apache-2.0 */
/* The cycle counter's rate by the 8254 timer's channel 2 (Intel 8254 datasheet; gate and output at port 0x61). */
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

#define MEASURED_TICKS (PIT_HZ / 1000 * 19 / 10) /* 1.9 ms */
#define MOST_LOOKS     1000000u

/* Ticks since the start, and the cycle count at that moment. */
static uint16_t sample(uint64_t *cycles)
{
	uint64_t before = tsc_read();
	port_write8(PORT_CONTROL, CONTROL_LATCH);
	*cycles = before + (tsc_read() - before) / 2;
	uint16_t low = port_read8(PORT_CHANNEL_2);
	return (uint16_t)(0xffff - (low | port_read8(PORT_CHANNEL_2) << 8));
}

/* The first sample whose tick count differs from @p ticks: near the moment when it changed. */
static uint16_t next_tick(uint16_t ticks, uint64_t *cycles)
{
	for (unsigned look = 0; look < MOST_LOOKS; look++) {
		uint16_t now = sample(cycles);
		if (now != ticks)
			return now;
	}
	PANIC("the clock has no known rate, and no 8254 timer measures it");
}

uint64_t axhal_measure_cycles_hz(void)
{
	uint8_t system_b = port_read8(PORT_SYSTEM_B);
	port_write8(PORT_SYSTEM_B, (uint8_t)((system_b & ~SYSTEM_B_SPEAK) | SYSTEM_B_GATE));
	port_write8(PORT_CONTROL, CONTROL_COUNT);
	port_write8(PORT_CHANNEL_2, 0xff);
	port_write8(PORT_CHANNEL_2, 0xff);
	uint64_t first_cycles, last_cycles;
	uint16_t first = next_tick(sample(&first_cycles), &first_cycles);
	uint16_t last = first;
	while ((uint16_t)(last - first) < MEASURED_TICKS)
		last = next_tick(last, &last_cycles);
	port_write8(PORT_SYSTEM_B, system_b);
	return (last_cycles - first_cycles) * PIT_HZ / (uint16_t)(last - first);
}
