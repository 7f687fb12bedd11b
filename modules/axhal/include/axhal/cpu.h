/* SPDX-License-Identifier: Apache-2.0 */
/* This CPU. */
#pragma once

#include <axhal/arch_cpu.h> /* axhal_cpu_pause() */
#include <axhal/features.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** In a spin loop: let the sibling thread, the hypervisor or, if CPUs are the host's threads, another CPU run. */
#if AXHAL_FEATURE_SMP && AXHAL_FEATURE_LINUX
void axhal_cpu_relax(void);
#else
static inline void axhal_cpu_relax(void)
{
	axhal_cpu_pause();
}
#endif

/** Stop here for good, interrupts masked: the last resort of a panic inside a panic. */
[[gnu::noreturn]] void axhal_cpu_halt(void);

#pragma GCC visibility pop
