/* SPDX-License-Identifier: Apache-2.0 */
/* Stopping all other CPUs of a bare machine. A CPU that comes online meanwhile sees the stopper, if that did not see it. */
#include <axhal/cpu.h>
#include <axhal/smp.h>
#include <kernel_guard/kernel_guard.h>
#include <stdatomic.h>
#include "stop.h"

enum { NO_CPU = AXHAL_MAX_CPUS };

static atomic_uint s_stopper = NO_CPU; /* the CPU that has stopped all others */

bool axhal_is_to_stop(void)
{
	unsigned stopper = atomic_load(&s_stopper);
	return stopper != NO_CPU && stopper != axhal_cpu_id();
}

bool axhal_is_last_cpu(void)
{
	return atomic_load(&s_stopper) == axhal_cpu_id();
}

void axhal_stop_others(void)
{
	irq_disable();
	unsigned stopper = NO_CPU, self = axhal_cpu_id();
	if (!atomic_compare_exchange_strong(&s_stopper, &stopper, self)) {
		if (stopper != self)
			axhal_cpu_halt();
		return;
	}
	atomic_thread_fence(memory_order_seq_cst);
	axhal_cpus_stop(axhal_cpus_online() & ~(UINT64_C(1) << self));
}
