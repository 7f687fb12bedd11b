/* SPDX-License-Identifier: Apache-2.0 */
/* What of a context an interrupt must keep: the architecture's registers. registers_<arch>.S knows the layout. */
#pragma once

#include <base/base.h>
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

static inline void registers_fill(registers_t *registers, uint64_t seed)
{
	*registers = (registers_t){ .mxcsr = REGISTERS_MXCSR, .x87_control = REGISTERS_X87_CONTROL };
	for (size_t i = 0; i < ARRAY_SIZE(registers->general); i++)
		registers->general[i] = seed += 0x12345;
	for (size_t i = 0; i < ARRAY_SIZE(registers->vector); i++)
		registers->vector[i][0] = registers->vector[i][1] = seed += 0x54321;
	for (size_t i = 0; i < ARRAY_SIZE(registers->x87); i++)
		registers->x87[i] = (double)(seed += 0x777);
}
#else
typedef struct registers {
#if defined(__aarch64__)
	uint64_t general[28]; /* all but x17, which counts, x18, which is the CPU's, and the stack and frame pointers */
#else
	uint64_t general[26]; /* all but t6, which counts, gp, which is the CPU's, tp, and the stack and frame pointers */
#endif
	uint64_t vector[32][2]; /* riscv64: the first halves */
	uint64_t control;
} registers_t;

enum { /* rounding toward zero: Arm ARM, FPCR.RMode; RISC-V Unprivileged ISA, fcsr.frm */
	REGISTERS_CONTROL = sizeof((registers_t){}.general) == 28 * 8 ? 3 << 22 : 1 << 5,
	REGISTERS_VECTOR_WORDS = sizeof((registers_t){}.general) == 28 * 8 ? 2 : 1,
};

static inline void registers_fill(registers_t *registers, uint64_t seed)
{
	*registers = (registers_t){ .control = REGISTERS_CONTROL };
	for (size_t i = 0; i < ARRAY_SIZE(registers->general); i++)
		registers->general[i] = seed += 0x12345;
	for (size_t i = 0; i < ARRAY_SIZE(registers->vector); i++) {
		for (size_t j = 0; j < REGISTERS_VECTOR_WORDS; j++)
			registers->vector[i][j] = seed += 0x54321;
	}
}
#endif

/** Load all registers, go round an empty loop @p rounds times (1 or more), and store them. */
void registers_hold(const registers_t *loaded, uint64_t rounds, registers_t *stored);
