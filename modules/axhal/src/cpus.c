/* SPDX-License-Identifier: Apache-2.0 */
/* What CPUs have on every platform: a number, an area of per-CPU variables, and a bit in the set of those that run. */
#include <axhal/cpu.h>
#include <axhal/smp.h>
#include <spinlock/relax.h>
#include <stdatomic.h>
#include "cpus.h"
#include "machine.h"

PERCPU_DEFINE(unsigned, axhal_cpu_number) = 0;

static _Atomic uint64_t s_online = 1;

void axhal_cpu_areas_init(void)
{
	for (unsigned cpu = 0; cpu < AXHAL_MAX_CPUS; cpu++) {
		percpu_init_area(cpu, ax_percpu_areas + cpu * percpu_area_bytes());
		*percpu_ptr_of(axhal_cpu_number, cpu) = cpu;
	}
}

void axhal_cpu_set_online(unsigned cpu)
{
	atomic_fetch_or_explicit(&s_online, UINT64_C(1) << cpu, memory_order_release);
}

uint64_t axhal_cpus_online(void)
{
	return atomic_load_explicit(&s_online, memory_order_acquire);
}

void spin_relax(void)
{
	axhal_cpu_relax();
}
