/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: what a CPU does between two looks at a lock that another holds. Feature `smp`. Provider: axhal. */
#pragma once

#pragma GCC visibility push(default)

/**
 * Let a sibling thread or the hypervisor run for a moment; where CPUs share processors, now and then let the one run that
 * may hold the lock. Any context.
 */
void spin_relax(void);

#pragma GCC visibility pop
