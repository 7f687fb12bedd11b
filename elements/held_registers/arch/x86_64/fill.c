/* SPDX-License-Identifier: Apache-2.0 */
/* See held_registers.h. */
#include <base/base.h>
#include <held_registers/held_registers.h>

void held_registers_fill(held_registers_t *registers, uint64_t seed)
{
	*registers = (held_registers_t){ .mxcsr = HELD_REGISTERS_MXCSR, .x87_control = HELD_REGISTERS_X87_CONTROL };
	for (size_t i = 0; i < ARRAY_SIZE(registers->general); i++)
		registers->general[i] = seed += 0x12345;
	for (size_t i = 0; i < ARRAY_SIZE(registers->vector); i++)
		registers->vector[i][0] = registers->vector[i][1] = seed += 0x54321;
	for (size_t i = 0; i < ARRAY_SIZE(registers->x87); i++)
		registers->x87[i] = (double)(seed += 0x777);
}
