/* SPDX-License-Identifier: Apache-2.0 */
/* The flags of software-masked interrupts, per CPU. */
#include <kernel_guard/kernel_guard.h>

PERCPU_DEFINE(bool, kernel_guard_irq_masked) = true;
PERCPU_DEFINE(bool, kernel_guard_irq_pending) = false;
