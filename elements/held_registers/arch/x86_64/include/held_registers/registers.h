/* SPDX-License-Identifier: Apache-2.0 */
/* All registers that a context has. hold.S knows the layout. */
#pragma once

#include <stdint.h>

typedef struct held_registers {
	uint64_t general[13]; /* all but rcx, which counts, and the stack and frame pointers */
	uint64_t vector[16][2];
	double x87[4];
	uint32_t mxcsr;
	uint16_t x87_control, zero;
} held_registers_t;

enum { /* Intel SDM vol. 1, 10.2.3 and 8.1.5 */
	HELD_REGISTERS_MXCSR = 0x1f80 | 0x6000, /* exceptions masked; rounding toward zero */
	HELD_REGISTERS_X87_CONTROL = 0x0f7f,    /* the same there */
};
