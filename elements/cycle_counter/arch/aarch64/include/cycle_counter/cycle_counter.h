/* SPDX-License-Identifier: Apache-2.0 */
/* CNTVCT_EL0 (Arm ARM DDI 0487, D12.1.2). */
#pragma once

#include <stdint.h>

/** Not read before earlier instructions are done. */
static inline uint64_t cycle_counter(void)
{
	uint64_t value;
	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value) : : "memory");
	return value;
}
