/* SPDX-License-Identifier: Apache-2.0 */
/* All registers that a context has. hold.S knows the layout. */
#pragma once

#include <stdint.h>

typedef struct held_registers {
	uint64_t general[26]; /* all but t6, which counts, gp, which is the CPU's, tp, and the stack and frame pointers */
	uint64_t vector[32][1];
	uint64_t control;
} held_registers_t;

/* Rounding toward zero: RISC-V Unprivileged ISA, fcsr.frm. */
#define HELD_REGISTERS_CONTROL (1 << 5)
