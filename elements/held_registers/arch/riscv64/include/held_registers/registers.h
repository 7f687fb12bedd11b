/* SPDX-License-Identifier: Apache-2.0 */
/* All registers that a context has. hold.S knows the layout. */
#pragma once

#include <held_registers/features.h>
#include <stdint.h>

typedef struct held_registers {
	uint64_t general[26]; /* all but t6, which counts, gp, which is the CPU's, tp, and the stack and frame pointers */
	uint64_t vector[32][1];
	uint64_t control;
#if HELD_REGISTERS_FEATURE_VECTOR
	_Alignas(16) uint64_t wide[32][2]; /* the first 128 bits of v0 to v31 */
#endif
} held_registers_t;

#if HELD_REGISTERS_FEATURE_VECTOR
/* For held_registers_fill(): values that follow from @p seed into what is wide. */
void held_registers_fill_wide(held_registers_t *registers, uint64_t seed);
#endif

/* Rounding toward zero: RISC-V Unprivileged ISA, fcsr.frm. */
#define HELD_REGISTERS_CONTROL (1 << 5)
