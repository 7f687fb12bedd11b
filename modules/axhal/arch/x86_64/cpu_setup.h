/* SPDX-License-Identifier: Apache-2.0 */
/* Processor features that the kernel turns on. */
#pragma once

/** Turn on what this CPU has of SMEP, SMAP, UMIP and FSGSBASE; the entry did the rest. Once a CPU. */
void axhal_cpu_setup(void);
