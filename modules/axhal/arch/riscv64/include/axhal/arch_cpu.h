/* SPDX-License-Identifier: Apache-2.0 */
/* The hint of a spin loop: see axhal/cpu.h. */
#pragma once

static inline void axhal_cpu_pause(void)
{
	__asm__ volatile(".4byte 0x0100000f"); /* pause, a hint that all have: a fence of nothing */
}
