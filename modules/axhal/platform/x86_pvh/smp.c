/* SPDX-License-Identifier: Apache-2.0 */
/* Several CPUs on a bare machine. The GS base is each CPU's own, for good: there is no user mode to swap it for. */
#include <axhal/smp.h>
#include "../../arch/x86_64/registers.h"
#include "cpus.h"
#include "x86_pvh.h"

void x86_pvh_smp_init(void)
{
	axhal_cpu_areas_init();
	msr_write(MSR_GS_BASE, percpu_base_of[0]);
}
