/* SPDX-License-Identifier: Apache-2.0 */
/* The hint of a spin loop: see axhal/cpu.h. */
#pragma once

static inline void axhal_cpu_pause(void)
{
	__builtin_ia32_pause();
}
