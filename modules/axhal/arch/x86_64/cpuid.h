/* SPDX-License-Identifier: Apache-2.0 */
/* CPUID (Intel SDM volume 2A; AMD APM volume 3, appendix E; hypervisor leaves: the vendors' common convention). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct cpuid {
	uint32_t eax, ebx, ecx, edx;
} cpuid_t;

#define CPUID1_ECX_X2APIC       (1u << 21)
#define CPUID1_ECX_TSC_DEADLINE (1u << 24)
#define CPUID1_ECX_RDRAND       (1u << 30)
#define CPUID1_ECX_HYPERVISOR   (1u << 31)
#define CPUID7_EBX_FSGSBASE     (1u << 0)
#define CPUID7_EBX_SMEP         (1u << 7)
#define CPUID7_EBX_RDSEED       (1u << 18)
#define CPUID7_EBX_SMAP         (1u << 20)
#define CPUID7_ECX_UMIP         (1u << 2)
#define CPUID_EXT1_EDX_PAGE_1G  (1u << 26)

/** All zero for a leaf above the highest of its range. */
static inline cpuid_t cpuid(uint32_t leaf, uint32_t subleaf)
{
	cpuid_t r;
	__asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf & 0xffff0000u), "c"(0));
	if (r.eax < leaf)
		return (cpuid_t){ 0 };
	__asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}
