/* SPDX-License-Identifier: Apache-2.0 */
/* All registers that a context has. hold.S knows the layout. */
#pragma once

#include <stdint.h>

typedef struct held_registers {
	uint64_t general[28]; /* all but x17, which counts, x18, which is the CPU's, and the stack and frame pointers */
	uint64_t vector[32][2];
	uint64_t control;
} held_registers_t;

/* Rounding toward zero: Arm ARM, FPCR.RMode. */
#define HELD_REGISTERS_CONTROL (3 << 22)
