/* SPDX-License-Identifier: Apache-2.0 */
/* Where all vector registers are alike and one register controls them: see held_registers.h. */
#include <base/base.h>
#include <held_registers/features.h>
#include <held_registers/held_registers.h>

void held_registers_fill(held_registers_t *registers, uint64_t seed)
{
	*registers = (held_registers_t){ .control = HELD_REGISTERS_CONTROL };
	for (size_t i = 0; i < ARRAY_SIZE(registers->general); i++)
		registers->general[i] = seed += 0x12345;
	for (size_t i = 0; i < ARRAY_SIZE(registers->vector); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(registers->vector[i]); j++)
			registers->vector[i][j] = seed += 0x54321;
	}
#if HELD_REGISTERS_FEATURE_VECTOR
	held_registers_fill_wide(registers, seed);
#endif
}
