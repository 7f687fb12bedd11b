/* SPDX-License-Identifier: Apache-2.0 */
/* What a trap or interrupt leaves on the stack, lowest address first; vectors.S makes it. */
#pragma once

#include <axhal/features.h>

/* For the assembly, checked in trap.c. Behind the frame lies a frame record (x29, pc), below it the FP registers. */
#define TRAP_FRAME_X18    144
#define TRAP_FRAME_SP     248
#define TRAP_FRAME_PC     256
#define TRAP_FRAME_RECORD 288
#define TRAP_FRAME_BYTES  304
#if AXHAL_FEATURE_FP
#define TRAP_FP_BYTES 528
#else
#define TRAP_FP_BYTES 0
#endif

#define PSTATE_I (1 << 7) /* interrupts were masked: SPSR_EL1, D19.2 */

#ifndef __ASSEMBLER__

#include <stdint.h>
#include <axhal/trap.h>

struct axhal_trap_frame {
	uint64_t x[31], sp;
	uint64_t pc, pstate; /* ELR_EL1, SPSR_EL1 */
	uint64_t esr, far;
};

#endif
