/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts on aarch64, whatever the controller: waiting for one, and the fast one, which stops a CPU. */
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include "stop.h"

void axhal_fast_interrupt(void);
void axhal_fast_interrupt(void)
{
	if (axhal_is_to_stop())
		axhal_cpu_halt();
	PANIC("an FIQ that nobody sent");
}

void axhal_wait_for_irq(void)
{
	kernel_guard_timing_pause();
	/* A pending interrupt ends WFI though it is masked: Arm ARM, D1.6.2. */
	__asm__ volatile("dsb sy\n\twfi\n\tmsr daifclr, #2" : : : "memory");
	kernel_guard_timing_continue();
}
