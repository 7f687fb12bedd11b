/* SPDX-License-Identifier: Apache-2.0 */
/* The processor as a process has it: the thread pointer, and the breakpoint instruction. */
#include <axhal/arch_context.h>
#include <axhal/tls.h>
#include <axhal/trap.h>
#include "../linux.h"

bool axhal_has_fsgsbase;

void axhal_linux_read_hwcap2(unsigned long hwcap2)
{
	axhal_has_fsgsbase = hwcap2 & LINUX_HWCAP2_FSGSBASE;
}

void axhal_tls_set(uintptr_t thread_pointer)
{
	if (axhal_has_fsgsbase)
		__asm__ volatile("wrfsbase %0" : : "r"(thread_pointer));
	else
		axhal_linux_syscall(LINUX_SYS_ARCH_PRCTL, LINUX_ARCH_SET_FS, (long)thread_pointer, 0, 0, 0, 0);
}

void axhal_breakpoint(void)
{
	__asm__ volatile("int3");
}
