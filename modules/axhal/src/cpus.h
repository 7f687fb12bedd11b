/* SPDX-License-Identifier: Apache-2.0 */
/* The CPUs' common part, for the platforms. Feature `smp`. */
#pragma once

/**
 * Give every CPU its per-CPU variables, its number among them. Each CPU, this one too, then puts percpu_base_of[] of its
 * number into its base register. Once, by the boot CPU, first of all. The areas are reserved by the linker script:
 * AX_CONFIG_MAX_CPUS of them from ax_percpu_areas on.
 */
void axhal_cpu_areas_init(void);

/** From here on the CPU is in axhal_cpus_online(): it takes interrupts and calls. By itself. */
void axhal_cpu_set_online(unsigned cpu);
