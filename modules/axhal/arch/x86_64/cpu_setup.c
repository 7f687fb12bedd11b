/* SPDX-License-Identifier: Apache-2.0 */
/* Processor features on a bare machine: protection bits, the thread pointer, entropy, the last halt. */
#include <axhal/boot.h>
#include <axhal/context.h>
#include <axhal/cpu.h>
#include <axhal/tls.h>
#include "../../src/entropy_mix.h"
#include "cpu_setup.h"
#include "cpuid.h"
#include "registers.h"

#define ENTROPY_TRIES 64 /* Intel SDM volume 1, section 7.3.17 says 10 for RDRAND; RDSEED may run dry longer */

bool axhal_has_fsgsbase;

void axhal_cpu_setup(void)
{
	cpuid_t features = cpuid(7, 0);
	uint64_t cr4 = cr4_read();
	if (features.ebx & CPUID7_EBX_SMEP)
		cr4 |= CR4_SMEP;
	if (features.ebx & CPUID7_EBX_SMAP)
		cr4 |= CR4_SMAP;
	if (features.ecx & CPUID7_ECX_UMIP)
		cr4 |= CR4_UMIP;
	if (features.ebx & CPUID7_EBX_FSGSBASE) {
		cr4 |= CR4_FSGSBASE;
		axhal_has_fsgsbase = true;
	}
	cr4_write(cr4);
}

void axhal_tls_set(uintptr_t thread_pointer)
{
	msr_write(MSR_FS_BASE, thread_pointer);
}

bool axhal_entropy(uint64_t *value)
{
	bool ok = false;
	bool has_seed = cpuid(7, 0).ebx & CPUID7_EBX_RDSEED;
	bool has_random = cpuid(1, 0).ecx & CPUID1_ECX_RDRAND;
	for (int i = 0; has_seed && !ok && i < ENTROPY_TRIES; i++)
		__asm__ volatile("rdseed %0" : "=r"(*value), "=@ccc"(ok));
	for (int i = 0; has_random && !ok && i < ENTROPY_TRIES; i++)
		__asm__ volatile("rdrand %0" : "=r"(*value), "=@ccc"(ok));
	return axhal_entropy_mix(ok, value);
}

void axhal_cpu_halt(void)
{
	for (;;)
		__asm__ volatile("cli\n\thlt");
}
