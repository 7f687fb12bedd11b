/* SPDX-License-Identifier: Apache-2.0 */
/* CPUID, as far as copies go: Intel SDM volume 2A, CPUID; volume 1, 13.3 (XCR0) and 14.3 (detection of AVX). */
#include "ways.h"

#include <stdint.h>

typedef struct {
	uint32_t eax, ebx, ecx, edx;
} cpuid_t;

unsigned char memstr_ways;

static cpuid_t cpuid(uint32_t leaf)
{
	cpuid_t r;
	__asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(0));
	return r;
}

/* An emulator runs the string instructions byte by byte, whatever its processor says; it has a name: "TCGTCGTCGTCG". */
static bool is_emulated(void)
{
	enum { TCG_EBX = 0x54474354, TCG_ECX = 0x43544743, TCG_EDX = 0x47435447 };
	const cpuid_t hypervisor = cpuid(0x40000000);
	return hypervisor.ebx == TCG_EBX && hypervisor.ecx == TCG_ECX && hypervisor.edx == TCG_EDX;
}

/* Set by who saves the registers: a system that knows FXSAVE alone has no XSAVE enabled. */
static bool keeps_avx(void)
{
	enum { SSE_AND_AVX = 6 };
	uint32_t low, high;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & SSE_AND_AVX) == SSE_AND_AVX;
}

unsigned char memstr_find_ways(void)
{
	enum { ECX_OSXSAVE = 1 << 27, ECX_AVX = 1 << 28, EBX_ERMS = 1 << 9 };
	const uint32_t features = cpuid(1).ecx, hypervisor = 1u << 31;
	unsigned char ways = WAY_ASKED;
	if ((features & ECX_OSXSAVE) && (features & ECX_AVX) && keeps_avx())
		ways |= WAY_AVX;
	if (cpuid(0).eax >= 7 && (cpuid(7).ebx & EBX_ERMS) && !((features & hypervisor) && is_emulated()))
		ways |= WAY_STRINGS;
	memstr_ways = ways;
	return ways;
}
