/* SPDX-License-Identifier: Apache-2.0 */
/* The host thread as a CPU: the base register of its variables, and signals whose frames move from one to another. */
#include <axhal/arch_context.h>
#include "../linux.h"

extern const char axhal_linux_return_begin[], axhal_linux_return_end[];

void axhal_linux_set_cpu_base(uintptr_t base)
{
	if (axhal_has_fsgsbase)
		__asm__ volatile("wrgsbase %0" : : "r"(base) : "memory");
	else
		axhal_linux_syscall(LINUX_SYS_ARCH_PRCTL, LINUX_ARCH_SET_GS, (long)base, 0, 0, 0, 0);
}

void axhal_linux_restart_return(struct linux_registers *registers)
{
	if (registers->rip >= (uintptr_t)axhal_linux_return_begin && registers->rip < (uintptr_t)axhal_linux_return_end)
		registers->rip = (uintptr_t)axhal_linux_return_begin;
}
