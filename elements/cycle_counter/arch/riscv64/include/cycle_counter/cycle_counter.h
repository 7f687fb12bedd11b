/* SPDX-License-Identifier: Apache-2.0 */
/* `time` (RISC-V Unprivileged ISA, "Zicntr"). */
#pragma once

#include <stdint.h>

/** Not read before earlier instructions are done. */
static inline uint64_t cycle_counter(void)
{
	uint64_t value;
	__asm__ volatile("rdtime %0" : "=r"(value) : : "memory");
	return value;
}
