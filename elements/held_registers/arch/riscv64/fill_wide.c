/* SPDX-License-Identifier: Apache-2.0 */
/* The vector registers, where the image has them (RISC-V "V" extension, version 1.0, section 3). */
#include <base/base.h>
#include <held_registers/held_registers.h>

void held_registers_fill_wide(held_registers_t *registers, uint64_t seed)
{
	for (size_t i = 0; i < ARRAY_SIZE(registers->wide); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(registers->wide[i]); j++)
			registers->wide[i][j] = seed += 0x23451;
	}
}
