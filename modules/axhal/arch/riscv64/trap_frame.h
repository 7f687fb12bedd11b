/* SPDX-License-Identifier: Apache-2.0 */
/* What a trap or interrupt leaves on the stack, lowest address first; trap_entry.S makes it. */
#pragma once

#include <axhal/features.h>

/* For the assembly, checked in trap.c. Behind the frame lies a frame record (s0, pc), below it the FP registers. */
#define TRAP_FRAME_PC     248
#define TRAP_FRAME_STATUS 256
#define TRAP_FRAME_CAUSE  264
#define TRAP_FRAME_VALUE  272
#define TRAP_FRAME_RECORD 288
#define TRAP_FRAME_BYTES  304
#if AXHAL_FEATURE_FP
#define TRAP_FP_BYTES 272
#else
#define TRAP_FP_BYTES 0
#endif

#ifndef __ASSEMBLER__

#include <stdint.h>
#include <axhal/trap.h>

struct axhal_trap_frame {
	uint64_t x[31]; /* x1 to x31 */
	uint64_t pc, status, cause, value; /* sepc, sstatus, scause, stval */
	uint64_t padding;
};

#define FRAME_RA 0 /* indexes into x */
#define FRAME_S0 7

#endif
