/* SPDX-License-Identifier: Apache-2.0 */
/* Segment and interrupt descriptors of the kernel. */
#pragma once

#define TRAP_ENTRY_BYTES 16 /* assembled entries of exceptions and interrupts are this far apart */
#define TRAP_EXCEPTIONS  32

#ifndef __ASSEMBLER__

#include <stdint.h>

/** IDT with the exceptions; and for this CPU, number 0, axhal_trap_init_cpu(). Before any fault; once. */
void axhal_trap_init(void);

/** GDT, TSS with the stack for faults of the stack, and the IDT that all share. Before any fault of this CPU; once a CPU. */
void axhal_trap_init_cpu(unsigned cpu);

/** Point @p count vectors from @p first on at entries that lie TRAP_ENTRY_BYTES apart. */
void axhal_set_vectors(unsigned first, unsigned count, const char *entries);

#endif
