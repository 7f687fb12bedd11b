/* SPDX-License-Identifier: Apache-2.0 */
/* The time-stamp counter (Intel SDM vol. 3, 18.17; not core clocks). Under QEMU's -icount it counts instructions. */
#pragma once

#include <stdint.h>

/** Not read before earlier instructions are done. */
static inline uint64_t cycle_counter(void)
{
	uint32_t low, high;
	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}
