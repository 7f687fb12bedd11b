/* SPDX-License-Identifier: Apache-2.0 */
/* What of a context an interrupt must keep: the architecture's registers. registers_<arch>.S knows the layout. */
#pragma once

#include <stdint.h>

#if defined(__x86_64__)
typedef struct registers {
	uint64_t general[13]; /* all but rcx, which counts, and the stack and frame pointers */
	uint64_t vector[16][2];
	double x87[4];
	uint32_t mxcsr;
	uint16_t x87_control, zero;
} registers_t;

enum { /* Intel SDM vol. 1, 10.2.3 and 8.1.5 */
	REGISTERS_MXCSR = 0x1f80 | 0x6000, /* exceptions masked; rounding toward zero */
	REGISTERS_X87_CONTROL = 0x0f7f,    /* the same there */
};
#endif

/** Load all registers, go round an empty loop @p rounds times (1 or more), and store them. */
void registers_hold(const registers_t *loaded, uint64_t rounds, registers_t *stored);
