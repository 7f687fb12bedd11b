/* SPDX-License-Identifier: Apache-2.0 */
/* The state of preemption, per CPU. A CPU starts preemptible; boot code that is not takes a guard. */
#include <kernel_guard/kernel_guard.h>

PERCPU_DEFINE(unsigned, kernel_guard_preempt_disables) = 0;
PERCPU_DEFINE(bool, kernel_guard_need_resched) = false;
