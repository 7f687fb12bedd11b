/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock is the processor's cycle counter (TSC) since boot, times a fixed factor. The factor is found when the
 * time is first asked for: an image that never asks does not pay for it. The counters of several CPUs are in step, or
 * the CPU does not run (platform/x86_pvh/smp.c).
 */
#pragma once

#include <stdint.h>

/** The counter at boot: nanosecond 0. Set by the entry. */
extern uint64_t axhal_boot_cycles;

/** Cycles a second, of the processor's or the hypervisor's knowledge; 0: they do not say. */
uint64_t axhal_cpuid_cycles_hz(void);

/** Nanoseconds a cycle as the host's kvmclock has it, times 2^32; 0: no kvmclock. */
uint64_t axhal_kvmclock_ns_per_cycle(void);

/** Cycles a second by the platform's own timer, in at most 2 ms; panics if there is none. Interrupts masked. */
uint64_t axhal_measure_cycles_hz(void);

/** The cycle count at @p ns of axhal_now_ns(). */
uint64_t axhal_cycles_at(uint64_t ns);
